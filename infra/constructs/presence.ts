import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Bundles } from '../code.ts';
import type { ChatBus } from './chat-bus.ts';
import type { ConnectionsTable } from './connections-table.ts';
import { PresenceQueue } from './presence-queue.ts';
import { ServiceFunction } from './service-function.ts';
import { StreamConsumer } from './stream-consumer.ts';
import { CONNECTION_RECORDS } from './stream-filters.ts';

const SETTLE_TIMEOUT_SECONDS = 20;
/**
 * With a connection of 200 rooms each, such a batch is 10,050 deletes. They take 6 seconds of a vCPU, which are 10 at
 * this memory (`npm run bench:clean-up`), and the handler begins deletes for 25.
 */
const CHANGES_BATCH_SIZE = 50;
const CHANGES_MB = 1_024;
const CHANGES_TIMEOUT_SECONDS = 60;

export interface PresenceProps {
  readonly bundles: Bundles;
  readonly connectionsTable: ConnectionsTable;
  readonly bus: ChatBus;
}

/** What has to be done when connections come and go: clean up, and announce presence (PRES-1). */
export class Presence extends Construct {
  readonly connectionChanges: ServiceFunction;
  readonly settlePresence: ServiceFunction;
  readonly stream: StreamConsumer;
  readonly queue: PresenceQueue;

  constructor(scope: Construct, id: string, { bundles, connectionsTable, bus }: PresenceProps) {
    super(scope, id);
    this.settlePresence = new ServiceFunction(this, 'SettlePresence', {
      name: 'settle-presence',
      bundle: bundles['settle-presence'],
      description: 'Announces who came online or went offline in a room',
      memoryMB: 512,
      timeoutSeconds: SETTLE_TIMEOUT_SECONDS,
    });
    connectionsTable.grantReadSubscribers(this.settlePresence);
    connectionsTable.grantReadWritePresence(this.settlePresence);
    connectionsTable.grantDropOrphans(this.settlePresence);
    bus.grantPublish(this.settlePresence);
    this.queue = new PresenceQueue(this, 'Queue', {
      consumer: this.settlePresence,
      consumerTimeoutSeconds: SETTLE_TIMEOUT_SECONDS,
    });

    this.connectionChanges = new ServiceFunction(this, 'ConnectionChanges', {
      name: 'connection-changes',
      bundle: bundles['connection-changes'],
      description: 'Deletes what closed connections left behind, and asks for another look at presence',
      memoryMB: CHANGES_MB,
      timeoutSeconds: CHANGES_TIMEOUT_SECONDS,
    });
    connectionsTable.grantDeleteSubscriptions(this.connectionChanges);
    this.queue.grantSend(this.connectionChanges);
    this.stream = new StreamConsumer(this, 'ConnectionsStream', {
      table: connectionsTable.table,
      fn: this.connectionChanges,
      filters: CONNECTION_RECORDS,
      batchSize: CHANGES_BATCH_SIZE,
      // A row that nobody cleans up expires within hours.
      maxRecordAge: Duration.hours(6),
    });
  }
}
