import { Construct } from 'constructs';
import type { Bundles, FunctionName } from '../code.ts';
import type { ChatTable } from './chat-table.ts';
import type { ConnectionsTable } from './connections-table.ts';
import { ServiceFunction } from './service-function.ts';
import type { SocketApi } from './socket-api.ts';
import type { TokenIssuers } from './token-issuers.ts';

/** After this, clients no longer wait for a reply (ENV-4). */
const REPLY_TIMEOUT_SECONDS = 10;
/** A lost race for a log costs one more call's CPU time: with less memory, a busy conversation slows down earlier. */
const RACING_MB = 1_024;
const SIMPLE_MB = 512;

export interface SocketFunctionsProps {
  readonly bundles: Bundles;
  readonly chatTable: ChatTable;
  readonly connectionsTable: ConnectionsTable;
  readonly api: SocketApi;
  readonly issuers: TokenIssuers;
}

/** The handlers behind the socket's routes. Each may do what it needs, and no more. */
export class SocketFunctions extends Construct {
  readonly all: readonly ServiceFunction[];

  constructor(scope: Construct, id: string, props: SocketFunctionsProps) {
    super(scope, id);
    const { chatTable, connectionsTable, api, issuers } = props;
    const create = (functionId: string, name: FunctionName, description: string, memoryMB: number): ServiceFunction =>
      new ServiceFunction(this, functionId, {
        name,
        bundle: props.bundles[name],
        description,
        memoryMB,
        timeoutSeconds: REPLY_TIMEOUT_SECONDS,
      });

    const authorize = create('Authorize', 'authorize', 'Verifies the token of a handshake', SIMPLE_MB);
    issuers.grantVerify(authorize);

    const connect = create('Connect', 'connect', 'Registers a connection', SIMPLE_MB);
    connectionsTable.grantRegisterConnection(connect);
    connectionsTable.grantReadSubscribers(connect);
    connectionsTable.grantChargeBuckets(connect);
    connectionsTable.grantDeleteConnection(connect);
    api.grantClose(connect);
    api.grantInspect(connect);

    const disconnect = create('Disconnect', 'disconnect', 'Deletes the row of a connection that closed', SIMPLE_MB);
    connectionsTable.grantDeleteConnection(disconnect);
    connectionsTable.grantChargeBuckets(disconnect);

    const sendMessage = create('SendMessage', 'send-message', 'Appends a message and acknowledges it', RACING_MB);
    chatTable.grantAppend(sendMessage);

    const join = create('Join', 'join', 'Subscribes a connection to a room and gives its log', RACING_MB);
    chatTable.grantJoin(join);
    connectionsTable.grantSubscribe(join);
    connectionsTable.grantCountSubscribers(join);
    connectionsTable.grantReadStatuses(join);

    const leave = create('Leave', 'leave', 'Unsubscribes a connection from a room', SIMPLE_MB);
    connectionsTable.grantUnsubscribe(leave);

    const typing = create('Typing', 'typing', 'Tells a room who is typing', SIMPLE_MB);
    chatTable.grantMembershipCheck(typing);
    connectionsTable.grantCountSubscribers(typing);

    const command = create('Command', 'command', 'Carries out every other command', RACING_MB);
    chatTable.grantAppend(command);
    chatTable.grantDeleteReactions(command);
    chatTable.grantListMemberships(command);
    chatTable.grantRemovalCheck(command);
    connectionsTable.grantReadSubscribers(command);
    connectionsTable.grantCountSubscribers(command);
    connectionsTable.grantUnsubscribe(command);
    connectionsTable.grantExtendConnection(command);
    connectionsTable.grantReadWritePresence(command);
    issuers.grantVerify(command);

    // What takes commands charges for them, looks for a refreshed token, and closes expired sockets (CONN-5).
    for (const fn of [sendMessage, join, leave, typing, command]) {
      connectionsTable.grantConnectionCheck(fn);
      connectionsTable.grantChargeBuckets(fn);
      connectionsTable.grantDeleteConnection(fn);
      api.grantClose(fn);
    }

    api.route({
      authorize,
      $connect: connect,
      $disconnect: disconnect,
      'send-message': sendMessage,
      join,
      leave,
      typing,
      $default: command,
    });
    this.all = [authorize, connect, disconnect, sendMessage, join, leave, typing, command];
  }
}
