import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { KEY_PREFIXES } from '../../shared/platform/key-prefixes.ts';
import { MEMBERSHIPS_INDEX } from '../../shared/platform/memberships-index.ts';
import type { ServiceFunction } from './service-function.ts';
import { allowItems, type ItemAction, keysBeginning } from './table-access.ts';

export interface ChatTableProps {
  /** Whether the table is deleted with the stack; otherwise it stays. */
  readonly removeData: boolean;
}

/**
 * Conversations, members and logs: what must never be lost. Its stream is the outbox of every entry.
 * Every grant tells the function the table's name.
 */
export class ChatTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: ChatTableProps) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: MEMBERSHIPS_INDEX.name,
          partitionKey: { name: MEMBERSHIPS_INDEX.pk, type: AttributeType.STRING },
          sortKey: { name: MEMBERSHIPS_INDEX.sk, type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      billing: Billing.onDemand(),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: props.removeData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      // A table that survives its stack should survive a wrong click too.
      deletionProtection: !props.removeData,
    });
  }

  /** Read one member row. */
  grantMembershipCheck(fn: ServiceFunction): void {
    this.#allow(fn, ['GetItem'], [KEY_PREFIXES.conversation]);
  }

  /** Append entries: read the tail and the rows, put the entry, alone or in a transaction with what it changes. */
  grantAppend(fn: ServiceFunction): void {
    this.#allow(fn, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem']);
  }

  /** Join: check or write the member row within the joining transaction, then read the page. */
  grantJoin(fn: ServiceFunction): void {
    this.#allow(fn, ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem']);
  }

  /** Take a reaction away, in the transaction that appends it. */
  grantDeleteReactions(fn: ServiceFunction): void {
    this.#allow(fn, ['DeleteItem']);
  }

  /** List the conversations of a user. */
  grantListMemberships(fn: ServiceFunction): void {
    allowItems(fn, `${this.table.tableArn}/index/${MEMBERSHIPS_INDEX.name}`, ['Query']);
  }

  /** Make sure, within the transaction that unsubscribes a user, that the user is no member. */
  grantRemovalCheck(fn: ServiceFunction): void {
    this.#allow(fn, ['GetItem', 'ConditionCheckItem']);
  }

  /** Read whether an entry was delivered already, and what its conversation is. */
  grantCheckDelivery(fn: ServiceFunction): void {
    this.#allow(fn, ['GetItem'], [KEY_PREFIXES.logEntry, KEY_PREFIXES.conversation]);
  }

  /** Read the entries at given positions again, for a redrive. */
  grantReadEntries(fn: ServiceFunction): void {
    this.#allow(fn, ['Query'], [KEY_PREFIXES.logEntry]);
  }

  /** Lets a function of the app around the chat read logs. */
  grantReadLog(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: [this.table.tableArn],
      conditions: keysBeginning([KEY_PREFIXES.logEntry]),
    });
  }

  #allow(fn: ServiceFunction, actions: readonly ItemAction[], keyPrefixes?: readonly string[]): void {
    allowItems(fn, this.table.tableArn, actions, keyPrefixes);
    fn.setEnvironment('chatTable', this.table.tableName);
  }
}
