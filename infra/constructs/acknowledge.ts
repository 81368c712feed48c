import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Tells cdk-nag that a finding about `construct` is all right, and why. Call it beside what it is about. An id has to
 * be exact, with the finding in brackets if the rule names one (`AwsSolutions-IAM5[Resource::*]`).
 */
export function acknowledge(construct: IConstruct, reason: string, ...ids: readonly string[]): void {
  Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason })));
}
