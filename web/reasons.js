/** Why a file could not be fetched, in words: the codes of systems, of certificates and of servers. */

/** What the codes of Node's network mean. @type {Record<string, string>} */
const WORDS = {
  ECONNREFUSED: 'nothing answers at that address and port',
  ENOTFOUND: 'there is no server of that name',
  EAI_AGAIN: 'the name of the server cannot be looked up, perhaps for want of a connection',
  ECONNRESET: 'the server broke the connection off',
  EPIPE: 'the server broke the connection off',
  UND_ERR_SOCKET: 'the server broke the connection off',
  ETIMEDOUT: 'the server does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the server does not answer',
  ENETUNREACH: 'there is no connection to that network',
  EHOSTUNREACH: 'there is no way to that server',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak https at that port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the server does not speak https at that port',
  EPROTO: 'the server does not speak https as it should',
};
const UNTRUSTED =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET)_|CERT_UNTRUSTED)/;
/** Of browsers: Chromium, Firefox, Safari. They say no more. */
const BARE = /^(?:Failed to fetch|NetworkError when attempting|Load failed)/;

/**
 * What went wrong, in the words of the error and of those below it: "fetch failed" says little.
 * @param {any} error
 */
export function reasonOf(error) {
  const below = causeOf(error);
  const code = typeof below?.code === 'string' ? below.code : '';
  if (WORDS[code]) return `${WORDS[code]} (${code})`;
  if (UNTRUSTED.test(code))
    return `its certificate is not trusted (${code}); NODE_EXTRA_CA_CERTS names a file of further authorities`;
  if (code.startsWith('HPE_')) return `the server does not answer in HTTP (${code})`;
  const message = String(below?.message ?? below).trim();
  if (message === 'unknown scheme') return 'addresses of that kind are not fetched; expected http: or https:';
  if (message === 'bad port') return 'that port is blocked, as in browsers';
  if (BARE.test(message))
    return `${message}: there is no such server or no connection, or it does not let pages of other origins read it (CORS)`;
  return message;
}

/** The innermost error that says something: of several attempts the last. @param {any} error @returns {any} */
function causeOf(error) {
  const next = error?.errors?.at(-1) ?? error?.cause;
  return next?.message || next?.code || next?.cause ? causeOf(next) : error;
}

/** The longest message of a server that is repeated. */
const LONGEST = 160;

/**
 * What a server answered instead of a file. Hubs say more in a header.
 * @param {Response} response
 * @param {number} [times] how often
 */
export function saidBy({ status, statusText, headers }, times = 1) {
  const answer =
    `the server answered ${status} ${statusText}`.trimEnd() + (times > 1 ? ` ${times} times` : '');
  const said = headers.get('x-error-message')?.slice(0, LONGEST);
  return answer + (said ? `: ${said}` : '');
}

/** The same with what to do about it. @param {Response} response @param {number} [times] */
export const answerOf = (response, times) =>
  saidBy(response, times) +
  (response.status === 401
    ? '; what is private or gated needs your token: of the hub as the option "token", of other servers an option "fetch" that sends it'
    : '');
