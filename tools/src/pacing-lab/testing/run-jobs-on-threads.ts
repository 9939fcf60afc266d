// Run by itself, for threads do not find our sources when their parent is Jest: node --conditions=source run-jobs-on-threads.ts <threads> <jobs>
import { runJobs, type Job } from '../run-jobs.ts';

const [threads, jobs = '[]'] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await runJobs(JSON.parse(jobs) as Job[], Number(threads))));
