import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BUS_SOURCE } from '../../shared/domain/bus-names.ts';
import type { ChatBus } from './chat-bus.ts';
import { FailureQueue } from './failure-queue.ts';

export interface EntryListenerProps {
  readonly bus: ChatBus;
  /** Invoked with every `entries-appended` event. */
  readonly handler: IFunction;
}

/** A rule that hands new entries to a function of the app around the chat. */
export class EntryListener extends Construct {
  /** The rule on the chat's bus. */
  readonly rule: Rule;
  /** Events that could not be handed to the function within a day, kept for 14 days. */
  readonly failures: FailureQueue;

  constructor(scope: Construct, id: string, { bus, handler }: EntryListenerProps) {
    super(scope, id);
    this.failures = new FailureQueue(this, 'Failures');
    this.rule = new Rule(this, 'Rule', {
      eventBus: bus.bus,
      description: 'Hands new entries of every conversation to a function of the app',
      eventPattern: { source: [BUS_SOURCE], detailType: ['entries-appended'] },
      // EventBridge tries for 24 hours, unless told otherwise.
      targets: [new LambdaFunction(handler, { deadLetterQueue: this.failures })],
    });
  }
}
