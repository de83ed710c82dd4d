/**
 * Is started instead of n8n's own program file, runs that file, and writes down at its end what the process
 * used. Uses `process.resourceUsage`, which counts all threads and is the same on Linux, macOS and Windows.
 */
const { writeFileSync } = require('node:fs');

const { BENCH_N8N_BIN: bin, BENCH_METER_FILE: file } = process.env;

process.once('exit', () => {
	const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
	// Microseconds and kilobytes.
	const usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS / 1024 };
	writeFileSync(file, JSON.stringify(usage));
});

// n8n exits while a long result is still being written to the pipe, which would cut it off.
process.stdout._handle?.setBlocking?.(true);

process.argv[1] = bin;
require(bin);
