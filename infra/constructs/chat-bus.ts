import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BUS_EVENT_TYPES, BUS_SOURCE } from '../../shared/domain/bus-names.ts';
import type { ServiceFunction } from './service-function.ts';

/** Older events are not worth pushing: by then every client has found the gap, or asked with a `ping`. */
const MAX_EVENT_AGE = Duration.minutes(10);

/** The bus between what happened and whoever wants to know. Each further use of entries is one more rule. */
export class ChatBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { description: 'Entries appended and frames to deliver' });
  }

  /** Hands every event that becomes frames to `fn`; one that cannot be handed over goes to `undelivered`. */
  deliverWith(fn: ServiceFunction, undelivered: IQueue): void {
    new Rule(this, 'Deliver', {
      eventBus: this.bus,
      description: 'Frames for rooms go to the function that posts them',
      eventPattern: { source: [BUS_SOURCE], detailType: [...BUS_EVENT_TYPES] },
      targets: [
        new LambdaFunction(fn, { deadLetterQueue: undelivered, maxEventAge: MAX_EVENT_AGE, retryAttempts: 20 }),
      ],
    });
  }

  /** Lets a function of the app around the chat send frames to rooms. The conditions keep it from forging entries. */
  grantSendFrames(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['events:PutEvents'],
      resourceArns: [this.bus.eventBusArn],
      // As AWS documents it: a call has one detail type for this key, but the sources of all its events.
      conditions: {
        'ForAllValues:StringEquals': { 'events:source': BUS_SOURCE },
        StringEquals: { 'events:detail-type': 'frames-to-rooms' },
      },
    });
  }

  /** Lets `fn` put events on the bus, and tells it the bus's name. */
  grantPublish(fn: ServiceFunction): void {
    fn.allow(['events:PutEvents'], [this.bus.eventBusArn]);
    fn.setEnvironment('busName', this.bus.eventBusName);
  }
}
