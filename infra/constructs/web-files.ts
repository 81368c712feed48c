import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface WebFilesProps {
  readonly directory: string;
  readonly bucket: Bucket;
  readonly distribution: Distribution;
  /** What the app reads from `config.json`. */
  readonly config: object;
}

/** Files named after a hash of their content. They never change, and an open page may still ask for an old one. */
const HASHED = 'assets/*';

/** Copies the app's files into its bucket: first the files that never change, then the pages that name them. */
export class WebFiles extends Construct {
  constructor(scope: Construct, id: string, { directory, bucket, distribution, config }: WebFilesProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const shared = { destinationBucket: bucket, retainOnDelete: false, memoryLimit: 512, logGroup };
    const assets = new BucketDeployment(this, 'Assets', {
      ...shared,
      sources: [Source.asset(directory)],
      exclude: ['*'],
      include: [HASHED],
      prune: false,
      cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
    });
    const pages = new BucketDeployment(this, 'Pages', {
      ...shared,
      sources: [Source.asset(directory), Source.jsonData('config.json', config)],
      exclude: [HASHED],
      cacheControl: [CacheControl.noCache()],
      distribution,
      distributionPaths: ['/*'],
    });
    pages.node.addDependency(assets);
    this.#acknowledgeHandler(bucket);
  }

  /** The CDK brings the function that copies, one for the whole stack. */
  #acknowledgeHandler(bucket: Bucket): void {
    const handler = Stack.of(this).node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (!handler)
      throw new Error('The CDK copies files with another function than before: review the permissions of that one.');
    acknowledge(
      handler,
      'The CDK brings this function. It runs only during a deployment, on the runtime that the CDK tests it with.',
      'AwsSolutions-L1',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaLatestVersion',
      'Serverless-LambdaTracing',
    );
    acknowledge(
      handler,
      'It may write its own log.',
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    );
    const bucketId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
    acknowledge(
      handler,
      'It reads what the deployment has uploaded, and writes this bucket. The CDK’s grants name these actions.',
      'AwsSolutions-IAM5[Action::s3:GetObject*]',
      'AwsSolutions-IAM5[Action::s3:GetBucket*]',
      'AwsSolutions-IAM5[Action::s3:List*]',
      'AwsSolutions-IAM5[Action::s3:Abort*]',
      'AwsSolutions-IAM5[Action::s3:DeleteObject*]',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]',
      `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/*]`,
    );
    acknowledge(
      handler,
      'An invalidation of CloudFront’s cache has no name before it is made.',
      'AwsSolutions-IAM5[Resource::*]',
    );
  }
}
