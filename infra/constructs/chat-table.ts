import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { KEY_PREFIXES } from '../../shared/platform/key-prefixes.ts';
import type { ServiceFunction } from './service-function.ts';
import { allowItems, type ItemAction } from './table-access.ts';

/** The index under which a user's conversations are found; keys only. */
const MEMBERSHIPS_INDEX = 'GSI1';

const READ: readonly ItemAction[] = ['GetItem', 'BatchGetItem', 'Query'];
const CONDITIONAL_WRITE: readonly ItemAction[] = ['PutItem', 'UpdateItem', 'ConditionCheckItem'];

export interface ChatTableProps {
  /** Whether the table goes with the stack; otherwise it outlives it. */
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
          indexName: MEMBERSHIPS_INDEX,
          partitionKey: { name: 'gsi1pk', type: AttributeType.STRING },
          sortKey: { name: 'gsi1sk', type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      billing: Billing.onDemand(),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: props.removeData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      // A table that outlives its stack must outlive a mistaken click too.
      deletionProtection: !props.removeData,
    });
  }

  /** Read one member row. */
  grantMembershipCheck(fn: ServiceFunction): void {
    this.allow(fn, ['GetItem'], [KEY_PREFIXES.conversation]);
  }

  /** Append entries: read the tail and the rows, put the entry, alone or in a transaction with what it changes. */
  grantAppend(fn: ServiceFunction): void {
    this.allow(fn, [...READ, ...CONDITIONAL_WRITE]);
  }

  /** Join: check or create the member row within the joining transaction, then read the page. */
  grantAdmit(fn: ServiceFunction): void {
    this.allow(fn, [...READ, ...CONDITIONAL_WRITE]);
  }

  /** Every other command: what appending takes, rows that go away again, and the list of a user's conversations. */
  grantCommands(fn: ServiceFunction): void {
    this.allow(fn, [...READ, ...CONDITIONAL_WRITE, 'DeleteItem']);
    allowItems(fn, `${this.table.tableArn}/index/${MEMBERSHIPS_INDEX}`, ['Query']);
  }

  /** Read whether an entry was delivered already, and what its conversation is. */
  grantDeliveryMarks(fn: ServiceFunction): void {
    this.allow(fn, ['GetItem'], [KEY_PREFIXES.logEntry, KEY_PREFIXES.conversation]);
  }

  /** Deliver entries: read them again for a redrive; check that who is unsubscribed is no member any more. */
  grantDelivery(fn: ServiceFunction): void {
    this.allow(fn, ['GetItem', 'Query', 'ConditionCheckItem']);
  }

  private allow(fn: ServiceFunction, actions: readonly ItemAction[], keyPrefixes?: readonly string[]): void {
    allowItems(fn, this.table.tableArn, actions, keyPrefixes);
    fn.tell('chatTable', this.table.tableName);
  }
}
