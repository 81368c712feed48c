import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/code.ts';
import { Synthesized } from './synthesize.ts';

const stack = new Synthesized();
const names = [...FUNCTION_NAMES];

/** What a function may do with items, sorted, each as `action table` or `action table/index`. */
function itemActions(name: string): string[] {
  return stack
    .permissions(name)
    .filter(({ action, resource }) => action.startsWith('dynamodb:') && !resource.includes('StreamArn'))
    .map(({ action, resource }) => {
      const table = resource.includes('ChatTable') ? 'Chat' : 'Connections';
      const index = /index\/(\w+)/.exec(resource)?.[1];
      return `${action.slice('dynamodb:'.length)} ${table}${index ? `/${index}` : ''}`;
    })
    .sort();
}

function who(action: string): string[] {
  return names.filter((name) => stack.permissions(name).some((permission) => permission.action === action)).sort();
}

describe('every function', () => {
  it('has a role of its own', () => {
    const roles = [...stack.functions().values()].map((fn) => fn.Properties.Role['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(names.length);
  });

  it.each(names)('%s has a policy that names each action, and no scan', (name) => {
    const actions = stack.permissions(name).map(({ action }) => action);
    expect(actions.filter((action) => action.includes('*') || action.endsWith(':Scan'))).toEqual([]);
  });

  it.each(names)('%s has a policy that names each resource, except connections', (name) => {
    const wild = stack.permissions(name).filter(({ resource }) => resource.includes('*'));
    expect(wild.filter(({ action }) => action !== 'execute-api:ManageConnections')).toEqual([]);
    expect(wild.every(({ resource }) => /\/live\/(POST|DELETE|GET)\/@connections\/\*"/.test(resource))).toBe(true);
  });

  it.each(names)('%s may write to its own log group alone', (name) => {
    const logs = stack.permissions(name).filter(({ action }) => action.startsWith('logs:'));
    const own = stack.functions().get(name)?.Properties.LoggingConfig.LogGroup.Ref;
    expect(new Set(logs.map(({ resource }) => resource))).toEqual(new Set([`{"Fn::GetAtt":["${own}","Arn"]}`]));
  });
});

describe('least privilege', () => {
  it('authorize may write its log, and do nothing else', () => {
    const services = stack.permissions('authorize').map(({ action }) => action.split(':')[0]);
    expect(new Set(services)).toEqual(new Set(['logs']));
  });

  it('disconnect may only delete a connection and charge a bucket', () => {
    expect(itemActions('disconnect')).toEqual(['DeleteItem Connections', 'UpdateItem Connections']);
    const conditions = stack
      .permissions('disconnect')
      .filter(({ action }) => action.startsWith('dynamodb:'))
      .map(({ action, condition }) => `${action} ${condition}`);
    expect(conditions.sort()).toEqual([
      'dynamodb:DeleteItem {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["K#*"]}}',
      'dynamodb:UpdateItem {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["B#*"]}}',
    ]);
  });

  it('typing may read a member row, and write nothing to the chat table', () => {
    expect(itemActions('typing').filter((entry) => entry.includes('Chat'))).toEqual(['GetItem Chat']);
  });

  it('only functions that append or join may write to the chat table', () => {
    const writers = names.filter((name) =>
      itemActions(name).some((entry) => /^(Put|Update|Delete)Item Chat/.test(entry)),
    );
    expect(writers.sort()).toEqual(['command', 'join', 'send-message']);
    expect(itemActions('send-message')).not.toContain('DeleteItem Chat');
  });

  it('who finds the ended rows of a room may delete them, and nothing else of the table by that', () => {
    const deleters = names.filter((name) =>
      stack
        .permissions(name)
        .some(({ action, condition }) => action === 'dynamodb:DeleteItem' && condition?.includes('"R#*"')),
    );
    // `connection-changes` and `settle-presence` delete what has lost its connection, ended or not.
    expect(deleters.sort()).toEqual([
      ...['broadcast', 'command', 'connection-changes', 'join', 'settle-presence', 'typing'],
    ]);
  });

  it('only command may read the index of memberships', () => {
    const readers = names.filter((name) => itemActions(name).includes('Query Chat/GSI1'));
    expect(readers).toEqual(['command']);
  });

  it('a function may post to connections, close or inspect them only if its work needs that', () => {
    const whoMay = (method: string): string[] =>
      names
        .filter((name) => stack.permissions(name).some(({ resource }) => resource.includes(`/${method}/@connections/`)))
        .sort();
    const ending = ['command', 'connect', 'join', 'leave', 'send-message', 'typing'];
    expect(whoMay('POST')).toEqual(['broadcast', ...ending]);
    expect(whoMay('DELETE')).toEqual(ending);
    expect(whoMay('GET')).toEqual(['connect']);
    expect(who('execute-api:ManageConnections')).toEqual(whoMay('POST'));
  });

  it('only background functions may put events', () => {
    expect(who('events:PutEvents')).toEqual(['broadcast', 'publish-events', 'settle-presence']);
  });

  it('only consumers may read streams and queues', () => {
    expect(who('dynamodb:GetRecords')).toEqual(['connection-changes', 'publish-events']);
    expect(who('sqs:ReceiveMessage')).toEqual(['settle-presence']);
  });
});
