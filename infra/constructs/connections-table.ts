import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { KEY_PREFIXES } from '../../shared/platform/key-prefixes.ts';
import { acknowledge } from './acknowledge.ts';
import type { ServiceFunction } from './service-function.ts';
import { allowItems, type ItemAction } from './table-access.ts';

export interface ConnectionsTableProps {
  /** Whether the table is deleted with the stack; otherwise it stays. */
  readonly removeData: boolean;
}

/**
 * Connections, subscriptions, presence and rate buckets: who is there now. Its stream cleans up after a connection,
 * however that ended. Every grant tells the function the table's name.
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
      'A connection ends within two hours and its client makes a new one: nobody would be behind a restored one.',
      'AwsSolutions-DDB3',
    );
  }

  /** Charge a user's bucket, which is one conditional update. */
  grantChargeBuckets(fn: ServiceFunction): void {
    this.#allow(fn, ['UpdateItem'], [KEY_PREFIXES.bucket]);
  }

  /** Read a connection's own row: whether its token was refreshed, and which rooms it joined. */
  grantConnectionCheck(fn: ServiceFunction): void {
    this.#allow(fn, ['GetItem'], [KEY_PREFIXES.connection]);
  }

  /** Delete a connection's own row; the stream does the rest. */
  grantDeleteConnection(fn: ServiceFunction): void {
    this.#allow(fn, ['DeleteItem'], [KEY_PREFIXES.connection]);
  }

  /** Find a room's subscribers. */
  grantReadSubscribers(fn: ServiceFunction): void {
    this.#allow(fn, ['Query'], [KEY_PREFIXES.subscription]);
  }

  /** Learn whether a room has few subscribers, and who they are; rows found there that have ended are deleted. */
  grantCountSubscribers(fn: ServiceFunction): void {
    this.#allow(fn, ['Query', 'DeleteItem'], [KEY_PREFIXES.subscription]);
  }

  /** Register a connection with its user room, in one transaction. */
  grantRegisterConnection(fn: ServiceFunction): void {
    this.#allow(fn, ['PutItem']);
  }

  /** Extend a connection and its subscriptions. */
  grantExtendConnection(fn: ServiceFunction): void {
    this.#allow(fn, ['UpdateItem'], [KEY_PREFIXES.connection, KEY_PREFIXES.subscription]);
  }

  /** Subscribe a connection to a room, in one transaction. */
  grantSubscribe(fn: ServiceFunction): void {
    this.#allow(fn, ['PutItem', 'UpdateItem']);
  }

  /** Unsubscribe a connection from a room, in one transaction. */
  grantUnsubscribe(fn: ServiceFunction): void {
    this.#allow(fn, ['UpdateItem', 'DeleteItem']);
  }

  /** Read the statuses of those who are online. */
  grantReadStatuses(fn: ServiceFunction): void {
    this.#allow(fn, ['BatchGetItem']);
  }

  /** Read and write what was last announced about a user's presence. */
  grantReadWritePresence(fn: ServiceFunction): void {
    this.#allow(fn, ['GetItem', 'PutItem'], [KEY_PREFIXES.presence]);
  }

  /** Delete the subscriptions that a connection left behind. */
  grantDeleteSubscriptions(fn: ServiceFunction): void {
    this.#allow(fn, ['DeleteItem'], [KEY_PREFIXES.subscription]);
  }

  /** Drop a subscription whose connection is gone, after looking at the connection's row. */
  grantDropOrphans(fn: ServiceFunction): void {
    this.grantConnectionCheck(fn);
    this.grantDeleteSubscriptions(fn);
  }

  #allow(fn: ServiceFunction, actions: readonly ItemAction[], keyPrefixes?: readonly string[]): void {
    allowItems(fn, this.table.tableArn, actions, keyPrefixes);
    fn.setEnvironment('connectionsTable', this.table.tableName);
  }
}
