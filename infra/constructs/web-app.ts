import { type CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { webHeaders } from '../../shared/platform/web-headers.ts';
import { acknowledge } from './acknowledge.ts';
import { WebFiles } from './web-files.ts';

type WebHeaders = ReturnType<typeof webHeaders>;

/** Headers for which CloudFront has no setting of its own. */
const CUSTOM_HEADERS = ['cross-origin-opener-policy', 'cross-origin-resource-policy', 'permissions-policy'] as const;

/** How the app signs its users in: with the user pool that the stack made. */
export interface UserPoolSignIn {
  readonly clientId: string;
  /** Where Cognito's API is. */
  readonly endpoint: string;
}

export interface WebAppProps {
  /** Folder with the built app. */
  readonly directory: string;
  /** The address that the app's sockets connect to. */
  readonly socketUrl: string;
  readonly userPool: UserPoolSignIn;
}

/** The web app on a private bucket behind CloudFront, under a policy that lets it talk to this chat and nobody else. */
export class WebApp extends Construct {
  /** Where the app is. */
  readonly url: string;

  constructor(scope: Construct, id: string, { directory, socketUrl, userPool }: WebAppProps) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      // Everything in it can be built again. CloudFormation deletes only an empty bucket, and what the deployments below
      // have put there stays in it: without this, the stack could not be deleted, nor the web app be switched off.
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
    this.#keepNoLogOfEmptying();
    const distribution = this.#createDistribution(bucket, webHeaders([socketUrl, userPool.endpoint]));
    new WebFiles(this, 'Files', { directory, bucket, distribution, config: { webSocketUrl: socketUrl, userPool } });
    this.url = `https://${distribution.distributionDomainName}`;
    acknowledge(
      bucket,
      'The files are public and only CloudFront may read the bucket: nobody needs a log of that.',
      'AwsSolutions-S1',
    );
    acknowledge(distribution, 'People may use the chat from anywhere.', 'AwsSolutions-CFR1');
    acknowledge(
      distribution,
      'Static files have no form and no query to abuse. The socket API has limits of its own.',
      'AwsSolutions-CFR2',
    );
    acknowledge(
      distribution,
      'Everyone gets the same files. The access log of the socket API says who connected, and when.',
      'AwsSolutions-CFR3',
    );
    acknowledge(
      distribution,
      'With CloudFront’s own domain and certificate the TLS version cannot be chosen. A domain of your own can.',
      'AwsSolutions-CFR4',
    );
  }

  /** The CDK brings the function that empties buckets, one for the stack, without a log group that goes with it. */
  #keepNoLogOfEmptying(): void {
    const provider = Stack.of(this).node.findChild('Custom::S3AutoDeleteObjectsCustomResourceProvider');
    if (provider.node.tryFindChild('Log')) return;
    const logGroup = new LogGroup(provider, 'Log', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const handler = provider.node.findChild('Handler') as CfnResource;
    handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
  }

  #createDistribution(bucket: Bucket, headers: WebHeaders): Distribution {
    return new Distribution(this, 'Distribution', {
      comment: 'The web app of the chat',
      defaultRootObject: 'index.html',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        responseHeadersPolicy: this.#createHeaders(headers),
      },
      // A path that is no file is a place in the app. S3 answers 403 for it, as CloudFront may not list the bucket.
      errorResponses: [403, 404].map((httpStatus) => ({
        httpStatus,
        responseHttpStatus: 200,
        responsePagePath: '/index.html',
        ttl: Duration.seconds(10),
      })),
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
    });
  }

  #createHeaders(headers: WebHeaders): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      comment: 'Lets nothing run in the web app but its own files',
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: headers['content-security-policy'], override: true },
        // CloudFront knows these by itself; a test compares them with what the list of headers says.
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override: true },
      },
      customHeadersBehavior: {
        customHeaders: CUSTOM_HEADERS.map((header) => ({ header, value: headers[header], override: true })),
      },
    });
  }
}
