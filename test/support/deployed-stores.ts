import type { Connection } from '../../shared/domain/connection.ts';
import { userRoom } from '../../shared/domain/connection.ts';
import type { Stores } from '../../shared/domain/ports.ts';
import { createStores } from '../../shared/store/stores.ts';
import { type Item, Tables } from './dynamodb.ts';
import type { DeployedStack } from './provided.ts';

/**
 * The deployed stack's tables, with the owner's rights, to see what is stored and to cause what no client can, such as
 * a socket that died silently.
 */
export class DeployedStores {
  readonly stores: Stores;
  readonly #tables: Tables;
  readonly #names: { readonly chat: string; readonly connections: string };

  constructor(stack: DeployedStack) {
    const { ChatTableName: chat = '', ConnectionsTableName: connections = '' } = stack.outputs;
    this.#names = { chat, connections };
    this.#tables = new Tables(stack);
    this.stores = createStores(this.#tables.client, this.#names);
  }

  /** Every item of both tables whose JSON contains the text. */
  async itemsWith(text: string): Promise<Item[]> {
    const all = await Promise.all(Object.values(this.#names).map((name) => this.#tables.everything(name)));
    return all.flat().filter((item) => JSON.stringify(item).includes(text));
  }

  /** The rows of a user's open connections. */
  async connectionsOf(userId: string): Promise<Connection[]> {
    const { connections } = this.stores;
    const found = await connections.subscriptionsOf(userRoom(userId), userId, Date.now());
    const rows = await Promise.all(found.map(({ connectionId }) => connections.connection(connectionId)));
    return rows.filter((row) => row !== undefined);
  }

  close(): void {
    this.#tables.close();
  }
}
