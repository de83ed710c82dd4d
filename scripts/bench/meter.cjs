/**
 * Stands where n8n's own program file would, runs that file, and writes down at its end what the process
 * used. By `process.resourceUsage`, which counts all threads and is the same on Linux, macOS and Windows.
 */
const { writeFileSync } = require('node:fs');

const { BENCH_N8N_BIN: bin, BENCH_METER_FILE: file } = process.env;

process.once('exit', () => {
	const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
	// Microseconds, and kilobytes.
	const usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS / 1024 };
	writeFileSync(file, JSON.stringify(usage));
});

// n8n ends the process while a long result is still on its way into the pipe, and cuts it off.
process.stdout._handle?.setBlocking?.(true);

process.argv[1] = bin;
require(bin);
