/**
 * Is started instead of n8n's own program file, and runs that file. While n8n serves, it writes down the memory
 * of the process: at every sample the resident memory and the heap, and now and then what is left of the heap
 * after a full garbage collection, where a leak shows first.
 */
const { appendFileSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const v8 = require('node:v8');
const vm = require('node:vm');

const { SOAK_N8N_BIN: bin, SOAK_SAMPLES: file, SOAK_EVERY_MS, SOAK_SAMPLES_PER_LIVE } = process.env;

async function sampleForEver() {
	v8.setFlagsFromString('--expose-gc');
	const collect = vm.runInNewContext('gc');
	for (let count = 1; ; count++) {
		await sleep(Number(SOAK_EVERY_MS), undefined, { ref: false });
		const { rss, heapUsed: heap } = process.memoryUsage();
		const sample = { at: Date.now(), pid: process.pid, rss, heap };
		if (count % Number(SOAK_SAMPLES_PER_LIVE) === 0) {
			collect();
			sample.live = process.memoryUsage().heapUsed;
		}
		appendFileSync(file, `${JSON.stringify(sample)}\n`);
	}
}

if (process.argv[2] === 'start') void sampleForEver();
process.argv[1] = bin;
require(bin);
