package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Hostile clients of a server that has 64 MB: each whole and cut at every byte, with a neighbour who does not notice. */
class EventStoreServerSmallJvmTest {

    static final class Program {

        private static final UUID ID = UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10");
        private static final int RANDOM_PAYLOADS = 200;
        /** A tag that does not end, lengths behind the end, groups that nest too deep. */
        private static final List<String> NO_MESSAGES = List.of(
                "ffffffff", "ff".repeat(11), "7b".repeat(101) + "7c".repeat(101), "0affffffff0f", "12ffffffff07");
        /** Groups of a field that nobody knows, as deep as they may be. */
        private static final String DEEP = "7b".repeat(100) + "7c".repeat(100);
        /** A first field that is no UTF-8. */
        private static final String NO_TEXT = "0a02c328";
        /** Those that understand a message without that text. */
        private static final Set<TcpCommand> BEGIN_WITH_TEXT = EnumSet.of(
                TcpCommand.SUBSCRIBE_TO_STREAM,
                TcpCommand.CREATE_PERSISTENT_SUBSCRIPTION,
                TcpCommand.UPDATE_PERSISTENT_SUBSCRIPTION,
                TcpCommand.DELETE_PERSISTENT_SUBSCRIPTION);
        /** Texts that are none, results and actions that nobody knows. */
        private static final List<String> PAYLOADS = List.of(
                NO_TEXT,
                "0a01611202c328",
                "08632063",
                "0a016110002063",
                "0a01611a0408631063",
                "0a0161121000000000000000000000000000000000" + "2063");

        private final ServerVersion version;
        private final EventStoreNode node;
        private int clients;

        private Program(ServerVersion version) {
            this.version = version;
            this.node = new EventStoreNode(SessionClient.database(version));
        }

        public static void main(String[] arguments) {
            for (ServerVersion version : ServerVersion.values()) {
                new Program(version).run();
            }
        }

        private void run() {
            AbuseVectors.of("eventstore").all().forEach(each -> everyCut(each.bytes()));
            Vectors.read("eventstore-packages.txt").all().forEach(each -> everyCut(each.bytes()));
            for (TcpCommand command : TcpCommand.values()) {
                for (String payload : PAYLOADS) {
                    everyCut(command, payload);
                }
                refusals(command);
                everyCut(bytes(command.number(), 2, ID, Buffer.buffer()));
                everyCut(bytes(command.number(), 0, EventStoreMachine.NO_CONVERSATION, Buffer.buffer()));
                randomPayloads(command);
            }
            for (int number = 0; number < 256; number++) {
                everyCut(bytes(number, 0, ID, Buffer.buffer()));
            }
            System.out.println(version + ": " + clients + " clients");
        }

        private void refusals(TcpCommand command) {
            for (String payload : NO_MESSAGES) {
                requireTold(command, payload, whatIsNoMessage(command));
            }
            requireTold(command, DEEP, everyCut(command, ""));
            if (BEGIN_WITH_TEXT.contains(command)) {
                requireTold(command, NO_TEXT, "BAD_REQUEST open");
            }
        }

        private void requireTold(TcpCommand command, String payload, String expected) {
            String told = everyCut(command, payload);
            require(told.equals(expected), command + " " + payload + ": " + told + " (expected: " + expected + ")");
        }

        /** As recorded: some have no message of their own, and a client may identify itself as it likes. */
        private static String whatIsNoMessage(TcpCommand command) {
            return switch (command) {
                case PING -> "PONG open";
                case HEARTBEAT_REQUEST -> "HEARTBEAT_RESPONSE open";
                case SCAVENGE_DATABASE -> "SCAVENGE_DATABASE_RESPONSE open";
                case AUTHENTICATE -> "NOT_AUTHENTICATED open";
                case HEARTBEAT_RESPONSE, UNSUBSCRIBE_FROM_STREAM, BAD_REQUEST, IDENTIFY_CLIENT -> "open";
                default -> "BAD_REQUEST open";
            };
        }

        private void randomPayloads(TcpCommand command) {
            Random random = new Random(command.number());
            for (int i = 0; i < RANDOM_PAYLOADS; i++) {
                byte[] payload = new byte[random.nextInt(64)];
                random.nextBytes(payload);
                outcome(List.of(bytes(command.number(), 0, ID, Buffer.buffer(payload))));
            }
        }

        private static Buffer bytes(int command, int flags, UUID id, Buffer payload) {
            return new TcpPackage(command, flags == 2, id, null, payload)
                    .write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES);
        }

        private String everyCut(TcpCommand command, String payload) {
            return everyCut(bytes(command.number(), 0, ID, Vectors.bytes(payload)));
        }

        private String everyCut(Buffer stream) {
            String whole = outcome(List.of(stream.copy()));
            require(whole.equals(outcome(Cuts.singleBytes(stream))), "byte by byte: " + whole);
            Cuts.positions(Math.min(stream.length(), 256))
                    .forEach(at -> require(whole.equals(outcome(Cuts.at(stream, at))), "cut at " + at + ": " + whole));
            return whole;
        }

        /** The commands of what it was told, and whether it was closed. */
        private String outcome(List<Buffer> pieces) {
            clients++;
            ReplayedClient client = new ReplayedClient(node, 0);
            for (Buffer piece : pieces) {
                client.receive(piece, 0);
            }
            List<String> told = new ArrayList<>();
            client.answers()
                    .forEach(answer -> told.add(String.valueOf(answer.sent().command())));
            told.add(client.isClosed() ? "closed" : "open");
            client.end();
            neighbour();
            return String.join(" ", told);
        }

        private void neighbour() {
            ReplayedClient neighbour = new ReplayedClient(node, 0);
            neighbour.receive(bytes(TcpCommand.PING.number(), 0, ID, Buffer.buffer("x")), 0);
            ReplayedClient.Answer pong = neighbour.answers().remove();
            require(pong.sent().command() == TcpCommand.PONG, "the neighbour's pong");
            neighbour.end();
        }

        private static void require(boolean fact, String what) {
            if (!fact) {
                throw new IllegalStateException(what);
            }
        }
    }

    @Test
    void hostileClients() {
        SmallJvm.run(Program.class).requireClean();
    }
}
