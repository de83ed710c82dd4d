import { connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** Drops connections that have brought no request so far, those too that the server has not yet accepted. */
export class Recall {
	/** Accepted, and without a request so far, by the port of the other side. */
	private readonly fresh = new Map<number | undefined, Socket>();

	/** Connections of our own: what is accepted before them was there before them. */
	private readonly marks = new Set<Socket>();

	constructor(private readonly server: Server) {
		server.on('connection', (socket: Socket) => {
			const mark = [...this.marks].find(({ localPort }) => localPort === socket.remotePort);
			if (mark) {
				this.marks.delete(mark);
				mark.destroy();
			}
			if (mark || this.marks.size > 0) {
				socket.destroy();
				return;
			}
			const { remotePort } = socket;
			this.fresh.set(remotePort, socket);
			socket.once('close', () => this.fresh.delete(remotePort));
		});
	}

	/** A request came on this connection, be it a secure one on top of what was accepted. */
	began({ remotePort }: Socket): void {
		this.fresh.delete(remotePort);
	}

	all(): void {
		for (const socket of this.fresh.values()) socket.destroy();
		const address = this.server.address() as AddressInfo | null;
		if (address === null) return;
		// The system hands connections over in the order in which they were made.
		const mark = connect(address.port, address.address);
		const forget = (): boolean => this.marks.delete(mark);
		mark.on('error', forget).on('close', forget);
		this.marks.add(mark);
	}
}
