const LINE_LOW = 2 ** 22;
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** The id of the contact that a line of a file becomes: a UUID v7 of the job's creation, its random bits being the line (34 bits)
 *  and the end of the job's id (40). So a repeated import makes the same ids, in the order of the file: what the index on them
 *  likes best.
 *  @param line  1 to 2^34 − 1 */
export function importedContactId(job: { readonly jobId: string; readonly createdAt: Date }, line: number): string {
  const low = line % LINE_LOW;
  const time = hex(job.createdAt.getTime(), 12);
  const versioned = hex(0x7000 | Math.floor(line / LINE_LOW), 4);
  const variant = hex(0x8000 | (low >>> 8), 4);
  const tail = hex(low & 0xff, 2) + job.jobId.replaceAll('-', '').slice(-10);
  return `${time.slice(0, 8)}-${time.slice(8)}-${versioned}-${variant}-${tail}`;
}
