import { writeFileSync } from 'node:fs';
import { demoContacts } from './demo-contacts.ts';

// Writes demo/contacts.csv anew: node --conditions=source tools/src/demo-data/main.ts
writeFileSync(new URL('../../../demo/contacts.csv', import.meta.url), demoContacts());
