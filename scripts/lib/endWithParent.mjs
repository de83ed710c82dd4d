/** Loaded before a program that run.mjs starts: should run.mjs be killed outright, the program is told to end as by Ctrl-C. */
if (process.channel) {
	process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
	// Waiting for that alone is no reason to stay.
	process.channel.unref();
}
