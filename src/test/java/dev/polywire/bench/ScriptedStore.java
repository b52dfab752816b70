package dev.polywire.bench;

import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.UUID;

/**
 * An EventStore without a store: it answers what clients ask when they connect, and an append with the bytes that ours answers with,
 * for which it looks at lengths and commands only. Whatever stream is read or subscribed to has {@link ScriptedEvents}.
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
                case READ_STREAM_EVENTS_FORWARD -> {
                    int head = answers.length();
                    head(input, at, answers, TcpCommand.READ_STREAM_EVENTS_FORWARD_COMPLETED);
                    ScriptedEvents.appendPage(
                            (ReadMessage.ReadStreamEvents) message(command, input.slice(at, end)), answers);
                    answers.setIntLE(head, answers.length() - head - COMMAND_AT);
                }
                case SUBSCRIBE_TO_STREAM ->
                    say(
                            input.slice(at, end),
                            new SubscriptionMessage.SubscriptionConfirmation(
                                    ScriptedEvents.EVENTS, ScriptedEvents.EVENTS - 1L),
                            answers);
                case UNSUBSCRIBE_FROM_STREAM ->
                    say(
                            input.slice(at, end),
                            new SubscriptionMessage.SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED),
                            answers);
                default -> {}
            }
        }

        private static EventStoreMessage message(TcpCommand command, Buffer frame) {
            return EventStoreMessage.read(
                    command, TcpPackage.read(frame, CredentialsLayout.PASSWORDS).payload());
        }

        private static void say(Buffer asked, EventStoreMessage answer, Buffer answers) {
            UUID id = TcpPackage.read(asked, CredentialsLayout.PASSWORDS).correlationId();
            answers.appendBuffer(
                    TcpPackage.of(id, answer, null).write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES));
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
            ScriptedEvents.appendVarint(answers, value);
        }
    }
}
