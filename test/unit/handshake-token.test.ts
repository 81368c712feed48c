import { describe, expect, test } from 'vitest';
import { readToken } from '../../functions/middleware/handshake-token.ts';
import type { SentHeaders } from '../../functions/middleware/socket-event.ts';

describe('the token of a handshake (CONN-1)', () => {
  test.each([
    [{ Authorization: 'Bearer a.b.c' }],
    [{ authorization: 'bearer   a.b.c' }],
    [{ 'Sec-WebSocket-Protocol': 'chat.v1, bearer.a.b.c' }],
    [{ 'sec-websocket-protocol': 'bearer.a.b.c,chat.v1' }],
  ])('is read from %j', (headers) => {
    expect(readToken(headers, [])).toEqual({ token: 'a.b.c' });
  });

  test('is read from the query, if the query is passed', () => {
    expect(readToken({}, ['a.b.c'])).toEqual({ token: 'a.b.c' });
  });

  test.each([
    [{}, undefined],
    [{}, ''],
    [{ authorization: 'Basic abc' }, undefined],
    [{ authorization: 'Bearer' }, undefined],
    [{ authorization: 'Bearer a b' }, undefined],
    [{ 'sec-websocket-protocol': 'chat.v1' }, undefined],
    [{ 'sec-websocket-protocol': 'chat.v1, bearer.' }, undefined],
  ])('is missing in %j with the query %j', (headers, query) => {
    expect(readToken(headers as SentHeaders, query === undefined ? [] : [query])).toEqual({
      fault: 'no token',
    });
  });

  test.each([
    [{ authorization: 'Bearer a', 'sec-websocket-protocol': 'bearer.a' }, undefined],
    [{ authorization: 'Bearer a' }, 'a'],
    [{ 'sec-websocket-protocol': 'bearer.a, bearer.b' }, undefined],
    [{ authorization: 'Basic x' }, 'a'],
    [{ Authorization: 'Bearer a', authorization: 'Bearer b' }, undefined],
    [{ authorization: ['Bearer a', 'Bearer b'] }, undefined],
    [{ 'Sec-WebSocket-Protocol': 'bearer.a', 'sec-websocket-protocol': 'chat.v1, bearer.b' }, undefined],
    [{ 'sec-websocket-protocol': ['bearer.a', 'bearer.b'] }, undefined],
  ])('in two places at once is refused: %j with the query %j', (headers, query) => {
    expect(readToken(headers as SentHeaders, query === undefined ? [] : [query])).toEqual({
      fault: 'token in two places',
    });
  });
});
