export interface AriAddress {
  /** `http://host:port/ari`, without the secret. */
  readonly base: string;
  readonly authorization: string;
}

/** @param url  `http://user:secret@host:port`
 *  @throws TypeError when it is no such address; the text never holds the secret */
export function parseAriUrl(url: string): AriAddress {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed?.username || !/^https?:$/.test(parsed.protocol)) throw new TypeError('an ARI address reads http://user:secret@host:port');
  const credentials = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
  return {
    base: `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/$/, '')}/ari`,
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}
