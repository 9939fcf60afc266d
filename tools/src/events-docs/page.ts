import { parseEvent, routingKeyOf, type EventType } from '@discador/contracts/events/catalogue';
import { compactJson } from './compact-json.ts';
import { eventSchema, type JsonSchema } from './event-schemas.ts';
import { FAMILIES, FAMILY_NAMES, typesOf, type Family } from './families.ts';
import { readDocument, readExample, schemaFile } from './files.ts';

/** `docs/events.md` with the parts between its markers `<!-- generated: NAME -->` and `<!-- end -->` made anew; the rest is left alone.
 *  @throws when a part has no marker, or a marker no part */
export function fillPage(page: string): string {
  const parts: Record<string, () => string> = { envelope, catalogue, 'consumer.ts': () => source('consumer.ts', 'ts'), 'consumer.py': () => source('consumer.py', 'python') };
  const missing = new Set(Object.keys(parts));
  const filled = page.replaceAll(/<!-- generated: (\S+) -->\n[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const part = parts[name];
    if (!part || !missing.delete(name)) throw new Error(`docs/events.md: ${name} is no part, or is there twice`);
    return `<!-- generated: ${name} -->\n${part()}\n<!-- end -->`;
  });
  if (missing.size > 0) throw new Error(`docs/events.md: no marker for ${[...missing].join(', ')}`);
  return filled;
}

function source(file: string, language: string): string {
  return `[${file}](events/${file})\n\`\`\`${language}\n${readDocument(`events/${file}`)}\`\`\``;
}

const STANDARD = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype'];

function envelope(): string {
  const { properties = {}, required = [] } = eventSchema('call.ended');
  return fieldTable(Object.entries(properties).filter(([name]) => name !== 'data' && name !== 'type'), required);
}

function catalogue(): string {
  return FAMILY_NAMES.map(familySection).join('\n\n');
}

function familySection(family: Family): string {
  const { title, summary, word, whom } = FAMILIES[family];
  const types = typesOf(family);
  const common = commonFields(types);
  const attributes = attributesOf(types[0] as EventType);
  const intro = [
    `### ${title}`,
    `${summary} Routing key \`${family}.<what>.<${word}>\`: ${whom}.${attributes.length > 0 ? ` Attributes beside the standard ones: ${attributes.join(', ')}.` : ''}`,
    ...(common.length > 0 ? [`In \`data\` of each:\n\n${fieldTable(common, dataOf(types[0] as EventType).required)}`] : []),
  ];
  return [...intro, ...types.map((type) => typeSection(type, new Set(common.map(([name]) => name))))].join('\n\n');
}

function typeSection(type: EventType, common: ReadonlySet<string>): string {
  const example = readExample(type);
  const own = fieldsOf(type).filter(([name]) => !common.has(name));
  return [
    `#### ${type}`,
    `${eventSchema(type).description} [Schema](events/schemas/${schemaFile(type)})`,
    ...(own.length > 0 ? [fieldTable(own, dataOf(type).required)] : []),
    `\`${routingKeyOf(parseEvent(example))}\`\n\`\`\`json\n${compactJson(example)}\n\`\`\``,
  ].join('\n\n');
}

function dataOf(type: EventType): JsonSchema {
  return eventSchema(type).properties?.['data'] ?? {};
}

function fieldsOf(type: EventType): [string, JsonSchema][] {
  return Object.entries(dataOf(type).properties ?? {});
}

/** Fields that all of several types have; none of a type that is alone. */
function commonFields(types: readonly EventType[]): [string, JsonSchema][] {
  const [first, ...others] = types;
  if (!first || others.length === 0) return [];
  return fieldsOf(first).filter(([name]) => others.every((type) => fieldsOf(type).some(([other]) => other === name)));
}

function attributesOf(type: EventType): string[] {
  const { properties = {}, required = [] } = eventSchema(type);
  const extensions = Object.keys(properties).filter((name) => name !== 'data' && !STANDARD.includes(name));
  return extensions.map((name) => `\`${name}\`${required.includes(name) ? '' : ' (optional)'}`);
}

function fieldTable(fields: readonly [string, JsonSchema][], required: readonly string[] = []): string {
  const rows = fields.map(([name, schema]) => `| \`${name}\`${required.includes(name) ? '' : ', optional'} | ${kindOf(schema)} | ${schema.description ?? ''} |`);
  return ['| field | | |', '| --- | --- | --- |', ...rows].join('\n');
}

function kindOf(schema: JsonSchema): string {
  const values = schema.const === undefined ? schema.enum : [schema.const];
  return values ? values.map((value) => `\`${String(value)}\``).join(' ') : (schema.format ?? String(schema.type));
}
