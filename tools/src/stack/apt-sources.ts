/** The address of the Debian mirror that a machine uses, out of its own apt sources.
 *  @param files    contents of sources.list, *.list and *.sources
 *  @param codename of the installed release (`VERSION_CODENAME`): tells Debian's own archive from other repositories
 *  @returns undefined when none serves that release's main section */
export function findMirror(files: string[], codename: string): string | undefined {
  const sources = files.flatMap((text) => [...oneLineSources(text), ...deb822Sources(text)]);
  return sources.find(({ suites, components }) => suites.includes(codename) && components.includes('main'))?.uri;
}

type Source = { uri: string; suites: string[]; components: string[] };

/** `deb [options] URI SUITE COMPONENT…` */
function oneLineSources(text: string): Source[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    return match ? [{ uri: match[1] ?? '', suites: [match[2] ?? ''], components: words(match[3] ?? '') }] : [];
  });
}

/** Paragraphs of `Field: value`. */
function deb822Sources(text: string): Source[] {
  return text.split(/\n\s*\n/).flatMap((paragraph) => {
    const uncommented = paragraph.split('\n').filter((line) => !line.startsWith('#')).join('\n');
    const field = (name: string): string[] => words(new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, 'im').exec(uncommented)?.[1] ?? '');
    const usable = field('Types').includes('deb') && field('Enabled')[0] !== 'no';
    return usable ? field('URIs').map((uri) => ({ uri, suites: field('Suites'), components: field('Components') })) : [];
  });
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
