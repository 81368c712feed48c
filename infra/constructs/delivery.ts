import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Bundles } from '../code.ts';
import { acknowledge } from './acknowledge.ts';
import type { ChatBus } from './chat-bus.ts';
import type { ChatTable } from './chat-table.ts';
import type { ConnectionsTable } from './connections-table.ts';
import { ServiceFunction } from './service-function.ts';
import type { SocketApi } from './socket-api.ts';
import { StreamConsumer } from './stream-consumer.ts';
import { PUBLISHED_RECORDS } from './stream-filters.ts';
import { UndeliveredQueue } from './undelivered-queue.ts';

/** As many as one bus event of usual messages holds, several times. */
const PUBLISH_BATCH_SIZE = 100;

export interface DeliveryProps {
  readonly bundles: Bundles;
  readonly chatTable: ChatTable;
  readonly connectionsTable: ConnectionsTable;
  readonly api: SocketApi;
  readonly bus: ChatBus;
}

/** The durable lane: committed entry → stream → `publish-events` → bus → `broadcast` → sockets. */
export class Delivery extends Construct {
  readonly publishEvents: ServiceFunction;
  readonly broadcast: ServiceFunction;
  readonly stream: StreamConsumer;
  readonly undelivered: UndeliveredQueue;

  constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    this.undelivered = new UndeliveredQueue(this, 'Undelivered');
    this.publishEvents = this.#createPublishEvents(props);
    this.stream = new StreamConsumer(this, 'ChatStream', {
      table: props.chatTable.table,
      fn: this.publishEvents,
      filters: PUBLISHED_RECORDS,
      batchSize: PUBLISH_BATCH_SIZE,
      maxRecordAge: Duration.hours(1),
    });
    this.broadcast = this.#createBroadcast(props);
    props.bus.deliverWith(this.broadcast, this.undelivered);
  }

  #createPublishEvents({ bundles, chatTable, bus }: DeliveryProps): ServiceFunction {
    const fn = new ServiceFunction(this, 'PublishEvents', {
      name: 'publish-events',
      bundle: bundles['publish-events'],
      description: 'Puts committed entries on the bus, one event per conversation and batch',
      memoryMB: 512,
      timeoutSeconds: 30,
    });
    chatTable.grantCheckDelivery(fn);
    bus.grantPublish(fn);
    this.undelivered.grantReport(fn);
    return fn;
  }

  #createBroadcast({ bundles, chatTable, connectionsTable, api, bus }: DeliveryProps): ServiceFunction {
    const fn = new ServiceFunction(this, 'Broadcast', {
      name: 'broadcast',
      bundle: bundles.broadcast,
      description: 'Posts frames to the connections of a room',
      // One vCPU. Posting takes CPU time, which costs the same with more memory and is over sooner.
      memoryMB: 1_769,
      timeoutSeconds: 60,
      deadLetterQueue: this.undelivered,
    });
    fn.configureAsyncInvoke({ maxEventAge: Duration.minutes(10), retryAttempts: 2 });
    acknowledge(
      fn,
      'Its dead-letter queue gets the event as it was, as the rule’s does. A destination would get it wrapped.',
      'Serverless-LambdaAsyncFailureDestination',
    );
    chatTable.grantReadEntries(fn);
    chatTable.grantRemovalCheck(fn);
    connectionsTable.grantReadSubscribers(fn);
    connectionsTable.grantCountSubscribers(fn);
    connectionsTable.grantUnsubscribe(fn);
    connectionsTable.grantDeleteConnection(fn);
    api.grantPost(fn);
    bus.grantPublish(fn);
    return fn;
  }
}
