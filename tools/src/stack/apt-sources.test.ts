import { findMirror } from './apt-sources.ts';

const other = 'deb [signed-by=/k.asc] https://packages.example.org/apt sid main\n';

describe('findMirror', () => {
  it('reads one-line sources, with options and comments', () => {
    const list = '# deb http://old.example/debian bookworm main\ndeb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # here\n';
    expect(findMirror([other, list], 'bookworm')).toBe('http://mirror.example/debian');
  });

  it('reads deb822 sources and takes the release itself, not its security archive', () => {
    const sources = [
      'Types: deb\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\nComponents: main\n',
      'Types: deb deb-src\n# a comment\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /k.gpg\n',
    ].join('\n');
    expect(findMirror([sources, other], 'bookworm')).toBe('http://mirror.example/debian');
  });

  it('passes over disabled and source-only entries', () => {
    const off = 'Types: deb\nEnabled: no\nURIs: http://a.example/debian\nSuites: bookworm\nComponents: main\n';
    expect(findMirror([off, 'Types: deb-src\nURIs: http://b.example/\nSuites: bookworm\nComponents: main'], 'bookworm')).toBeUndefined();
  });

  it('knows no mirror in repositories of others', () => expect(findMirror([other], 'bookworm')).toBeUndefined());
});
