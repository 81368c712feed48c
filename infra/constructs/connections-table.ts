import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { KEY_PREFIXES } from '../../shared/platform/key-prefixes.ts';
import { acknowledge } from './acknowledge.ts';
import type { ServiceFunction } from './service-function.ts';
import { allowItems, type ItemAction } from './table-access.ts';

export interface ConnectionsTableProps {
  /** Whether the table goes with the stack; otherwise it outlives it. */
  readonly removeData: boolean;
}

/**
 * Connections, subscriptions, presence and buckets: who is there now. Its stream cleans up after connections that
 * went, however they went. Every grant tells the function the table's name.
 */
export class ConnectionsTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: ConnectionsTableProps) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expiresAt',
      removalPolicy: props.removeData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    acknowledge(
      this.table,
      'Connections die within two hours and clients make them anew; a restored one would be no one.',
      'AwsSolutions-DDB3',
    );
  }

  /** Charge a user's bucket, which is one conditional update. */
  grantBuckets(fn: ServiceFunction): void {
    this.allow(fn, ['UpdateItem'], [KEY_PREFIXES.bucket]);
  }

  /** Delete a connection's own row; the stream does the rest. */
  grantForgetConnection(fn: ServiceFunction): void {
    this.allow(fn, ['DeleteItem'], [KEY_PREFIXES.connection]);
  }

  /** Read a connection's own row, for who refreshed a token. */
  grantConnectionCheck(fn: ServiceFunction): void {
    this.allow(fn, ['GetItem'], [KEY_PREFIXES.connection]);
  }

  /** Register a connection with its user room, count the user's others and delete the oldest of too many. */
  grantRegister(fn: ServiceFunction): void {
    this.allow(fn, ['PutItem', 'UpdateItem', 'Query', 'DeleteItem']);
  }

  /** Subscribe a connection to a room, in one transaction, and read who is online there. */
  grantSubscribe(fn: ServiceFunction): void {
    this.allow(fn, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem']);
  }

  /** Unsubscribe a connection from a room, in one transaction. */
  grantUnsubscribe(fn: ServiceFunction): void {
    this.allow(fn, ['GetItem', 'UpdateItem', 'DeleteItem']);
  }

  /** Every other command: pings, refreshes, unsubscribing the removed, statuses. */
  grantCommands(fn: ServiceFunction): void {
    this.allow(fn, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem']);
  }

  /** Find a room's subscribers; delete the rows of the dead and unsubscribe the removed. */
  grantDelivery(fn: ServiceFunction): void {
    this.allow(fn, ['GetItem', 'Query', 'UpdateItem', 'DeleteItem']);
  }

  /** Delete the subscriptions that a connection left behind. */
  grantCleanUp(fn: ServiceFunction): void {
    this.allow(fn, ['DeleteItem'], [KEY_PREFIXES.subscription]);
  }

  /** Compare a user's presence in a room with the subscriptions there, and write it. */
  grantPresence(fn: ServiceFunction): void {
    this.allow(fn, ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem']);
  }

  private allow(fn: ServiceFunction, actions: readonly ItemAction[], keyPrefixes?: readonly string[]): void {
    allowItems(fn, this.table.tableArn, actions, keyPrefixes);
    fn.tell('connectionsTable', this.table.tableName);
  }
}
