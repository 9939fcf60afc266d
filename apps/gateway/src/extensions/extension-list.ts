import type { ExtensionList } from '@discador/contracts/http/extensions';
import type { Extension } from '@discador/postgres/entities/extension';

/** Extensions as the API shows them, with the totals of the dashboard. Available: registered, and one line free. */
export function extensionList(extensions: readonly Extension[]): ExtensionList {
  const items = extensions.map(({ pbx, number, name, line1Busy, line2Busy, registered, lastActivityAt }) => ({
    pbx, number, name, line1Busy, line2Busy, registered,
    available: registered && !(line1Busy && line2Busy),
    lastActivityAt: lastActivityAt?.toISOString() ?? null,
  }));
  const count = (wanted: (item: (typeof items)[number]) => boolean): number => items.filter(wanted).length;
  return {
    items,
    totals: {
      total: items.length,
      registered: count((item) => item.registered),
      available: count((item) => item.available),
      busy: count((item) => item.line1Busy || item.line2Busy),
    },
  };
}
