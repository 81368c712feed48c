import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Excuses `construct` from rules of cdk-nag, with the reason, which belongs beside what it excuses. `ids` are exact,
 * with the finding in brackets where the rule names one (`AwsSolutions-IAM5[Resource::*]`); others excuse nothing.
 */
export function acknowledge(construct: IConstruct, reason: string, ...ids: readonly string[]): void {
  Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason })));
}
