import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it, vi } from 'vitest';
import { webHeaders } from '../../shared/platform/web-headers.ts';
import { buildStack, type Resource, Synthesized } from './synthesize.ts';

const WEB = { web: 'true' };
const plain = new Synthesized();
const stack = new Synthesized(WEB);

/** A value as text, with `…` for every reference. */
function textOf(value: string | { 'Fn::Join': [string, unknown[]] }): string {
  return typeof value === 'string'
    ? value
    : value['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : '…')).join('');
}

/** The headers that a stack's CloudFront adds to what it serves, by name in lower case. */
function headersSentBy(synthesized: Synthesized): Record<string, string> {
  const [, { Properties }] = synthesized.only('AWS::CloudFront::ResponseHeadersPolicy');
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = Properties.ResponseHeadersPolicyConfig;
  const hsts = security.StrictTransportSecurity;
  const subdomains = hsts.IncludeSubdomains ? ['includeSubDomains'] : [];
  return {
    'content-security-policy': textOf(security.ContentSecurityPolicy.ContentSecurityPolicy),
    'referrer-policy': security.ReferrerPolicy.ReferrerPolicy,
    'strict-transport-security': [`max-age=${hsts.AccessControlMaxAgeSec}`, ...subdomains].join('; '),
    ...(security.ContentTypeOptions && { 'x-content-type-options': 'nosniff' }),
    'x-frame-options': security.FrameOptions.FrameOption,
    ...Object.fromEntries(custom.Items.map(({ Header, Value }: Record<string, string>) => [Header, Value])),
  };
}

describe('the web app', () => {
  it('is left out unless the context asks for it', () => {
    expect(plain.all('AWS::CloudFront::Distribution')).toEqual([]);
    expect(plain.all('AWS::S3::Bucket')).toEqual([]);
    expect(new Synthesized({ web: 'false' }).resources).toEqual(plain.resources);
  });

  it('changes nothing else', () => {
    for (const [id, resource] of Object.entries(plain.resources)) expect(stack.resources[id], id).toEqual(resource);
  });

  it('needs a user pool to sign in with', () => {
    const issuer = { issuer: 'https://issuer.example', audience: 'chat' };
    expect(() => buildStack({ ...WEB, ...issuer })).toThrow('Context "web" needs a user pool');
    expect(new Synthesized({ ...WEB, ...issuer, userPool: 'true' }).all('AWS::S3::Bucket')).toHaveLength(1);
  });

  it('is in a private, encrypted bucket that answers only CloudFront, and only over TLS', () => {
    const [, bucket] = stack.only('AWS::S3::Bucket');
    expect(bucket.Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(JSON.stringify(bucket.Properties.BucketEncryption)).toContain('AES256');
    const [, policy] = stack.only('AWS::S3::BucketPolicy');
    const [refusal, ...allowed] = policy.Properties.PolicyDocument.Statement;
    expect(refusal).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    // And to the function that empties the bucket before it is deleted.
    const emptying = allowed.filter(({ Principal }: { Principal: object }) => 'AWS' in Principal);
    expect(emptying).toHaveLength(1);
    const others = allowed.filter(({ Principal }: { Principal: object }) => !('AWS' in Principal));
    expect(others).toHaveLength(1);
    expect(others[0]).toMatchObject({
      Action: 's3:GetObject',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
    });
    expect(stack.only('AWS::CloudFront::OriginAccessControl')).toBeDefined();
  });

  it('is served over HTTPS, with its page for every path that is no file', () => {
    const { DistributionConfig: config } = stack.only('AWS::CloudFront::Distribution')[1].Properties;
    expect(config.DefaultCacheBehavior.ViewerProtocolPolicy).toBe('redirect-to-https');
    expect(config.DefaultRootObject).toBe('index.html');
    for (const ErrorCode of [403, 404]) {
      const page = { ErrorCode, ResponseCode: 200, ResponsePagePath: '/index.html' };
      expect(config.CustomErrorResponses).toContainEqual(expect.objectContaining(page));
    }
  });

  it('may talk to the socket API and the user pool, and run nothing but its own files', () => {
    expect(headersSentBy(stack)).toEqual({
      ...webHeaders(['wss://….execute-api.….…/live', 'https://cognito-idp.….amazonaws.com/']),
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    });
  });

  it('refreshes its pages with every deployment, and keeps files that are named after their content', () => {
    const deployments = stack.all('Custom::CDKBucketDeployment').map(([, { Properties }]) => Properties);
    expect(deployments).toHaveLength(2);
    const pages = deployments.find(({ DistributionPaths }) => DistributionPaths);
    const assets = deployments.find(({ DistributionPaths }) => !DistributionPaths);
    expect(pages).toMatchObject({ DistributionPaths: ['/*'], SystemMetadata: { 'cache-control': 'no-cache' } });
    expect(assets).toMatchObject({ Prune: false, Include: ['assets/*'] });
    expect(assets.SystemMetadata['cache-control']).toContain('immutable');
  });

  it('leaves nothing behind when it is switched off or the stack is deleted: its bucket is emptied first', () => {
    const added = Object.entries(stack.resources).filter(([id]) => !(id in plain.resources));
    const kept = added.filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'));
    expect(kept).toEqual([]);
    const [bucketId] = stack.only('AWS::S3::Bucket');
    const emptying = stack.only('Custom::S3AutoDeleteObjects')[1] as Resource & { DependsOn: string[] };
    expect(emptying.Properties.BucketName).toEqual({ Ref: bucketId });
    // Without the policy, which goes after it, it may not delete what is in the bucket.
    const [policyId, policy] = stack.only('AWS::S3::BucketPolicy');
    expect(emptying.DependsOn).toContain(policyId);
    expect(JSON.stringify(policy.Properties.PolicyDocument)).toContain('s3:DeleteObject*');
  });

  it('has no function whose log group stays: each writes one that is deleted with the stack', () => {
    const functions = stack.all('AWS::Lambda::Function').filter(([id]) => !(id in plain.resources));
    expect(functions).toHaveLength(2);
    for (const [id, { Properties }] of functions) {
      const group = stack.resources[Properties.LoggingConfig?.LogGroup.Ref];
      expect(group, id).toMatchObject({ Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Delete' });
    }
  });

  it('has its address among the outputs', () => {
    expect(stack.template.toJSON().Outputs).toHaveProperty('WebAppUrl');
  });

  it('is the same on an emulator, except that its files are not copied', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const local = new Synthesized({ ...WEB, local: 'true', endpoint: 'http://localhost:4566' });
    expect(said.mock.calls.flat().join()).toContain('files');
    expect(local.all('Custom::CDKBucketDeployment')).toEqual([]);
    expect(local.all('Custom::S3AutoDeleteObjects')).toEqual([]);
    const expected = webHeaders(['ws://localhost:4566/_aws/execute-api/…/live', 'http://localhost:4566/']);
    expect(headersSentBy(local)).toMatchObject(expected);
  });

  it.each([
    ['AwsSolutions', () => new AwsSolutionsChecks()],
    ['Serverless', () => new ServerlessChecks()],
  ])('%s checks find nothing that is not acknowledged', (_, createPack) => {
    expect(createPack().validateScope(buildStack(WEB)).violations).toEqual([]);
  });
});
