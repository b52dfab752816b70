package dev.polywire.bench;

import dev.polywire.eventstore.wire.TcpCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

/**
 * An EventStore without a store: it answers what esjc asks when it connects, and an append with the bytes that ours answers with.
 * It looks at lengths and commands only.
 */
final class ScriptedStore implements Server {

    /** Length, command, flags, correlation id. */
    private static final int HEADER_BYTES = 22;

    private static final int COMMAND_AT = 4;
    private static final int ID_AT = 6;

    @Override
    public Future<Integer> listen(Vertx vertx) {
        return vertx.createNetServer()
                .connectHandler(socket -> {
                    Peer peer = new Peer(socket);
                    socket.handler(peer::received);
                })
                .listen(0, "127.0.0.1")
                .map(NetServer::actualPort);
    }

    private static final class Peer {

        private final NetSocket socket;
        private Buffer waiting = Buffer.buffer();
        private long number;
        private long position;

        Peer(NetSocket socket) {
            this.socket = socket;
        }

        /** What it answers to one read is one write, as ours is. */
        void received(Buffer bytes) {
            Buffer input = waiting.length() == 0 ? bytes : waiting.appendBuffer(bytes);
            Buffer answers = Buffer.buffer();
            int at = 0;
            while (input.length() - at >= HEADER_BYTES) {
                int end = at + COMMAND_AT + input.getIntLE(at);
                if (end > input.length()) {
                    break;
                }
                answer(input, at, end, answers);
                at = end;
            }
            waiting = at == input.length() ? Buffer.buffer() : input.getBuffer(at, input.length());
            if (answers.length() > 0) {
                socket.write(answers);
            }
        }

        private void answer(Buffer input, int at, int end, Buffer answers) {
            TcpCommand command = TcpCommand.of(input.getUnsignedByte(at + COMMAND_AT));
            switch (command) {
                case HEARTBEAT_REQUEST -> head(input, at, answers, TcpCommand.HEARTBEAT_RESPONSE);
                case AUTHENTICATE -> head(input, at, answers, TcpCommand.AUTHENTICATED);
                case IDENTIFY_CLIENT -> head(input, at, answers, TcpCommand.CLIENT_IDENTIFIED);
                case WRITE_EVENTS -> {
                    int head = answers.length();
                    head(input, at, answers, TcpCommand.WRITE_EVENTS_COMPLETED);
                    completed(answers);
                    answers.setIntLE(head, answers.length() - head - COMMAND_AT);
                    number++;
                    position += end - at;
                }
                default -> {}
            }
        }

        private static void head(Buffer input, int at, Buffer answers, TcpCommand command) {
            answers.appendIntLE(HEADER_BYTES - COMMAND_AT)
                    .appendByte((byte) command.number())
                    .appendByte((byte) 0)
                    .appendBuffer(input, at + ID_AT, HEADER_BYTES - ID_AT);
        }

        /** Result 0, first and last number, prepare and commit position, no current version. */
        private void completed(Buffer answers) {
            field(answers, 0x08, 0);
            field(answers, 0x18, number);
            field(answers, 0x20, number);
            field(answers, 0x28, position);
            field(answers, 0x30, position);
            field(answers, 0x38, 0);
        }

        private static void field(Buffer answers, int tag, long value) {
            answers.appendByte((byte) tag);
            long left = value;
            while (left > 0x7F) {
                answers.appendByte((byte) (left | 0x80));
                left >>>= 7;
            }
            answers.appendByte((byte) left);
        }
    }
}
