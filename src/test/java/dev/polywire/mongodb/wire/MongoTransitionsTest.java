package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.MongoTransitions.Input;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of the conversation, all of it; and each state against each message and each thing we can ask. */
class MongoTransitionsTest {

    @ParameterizedTest
    @CsvSource({
        // in the order of Input: START, HELLO_ACCEPTED, LOGIN_GOES_ON, LOGGED_IN, LOGIN_REFUSED, HELLO_REFUSED,
        // REQUEST, REPLY,
        // PEER_CLOSED, VIOLATION
        "CONNECTED,      HELLO_SENT - - - - - - - CLOSED FAILED",
        "HELLO_SENT,     - AUTHENTICATING - - - FAILED - - CLOSED FAILED",
        "AUTHENTICATING, - - AUTHENTICATING READY FAILED - - - CLOSED FAILED",
        "READY,          - - - - - - READY READY CLOSED FAILED",
        "CLOSED,         - - - - - - - - - -",
        "FAILED,         - - - - - - - - - -"
    })
    void table(MongoState state, String next) {
        String found = Stream.of(Input.values())
                .map(input -> MongoTransitions.next(state, input))
                .map(to -> to == null ? "-" : to.name())
                .collect(Collectors.joining(" "));
        assertEquals(next, found);
    }

    /** A message of each kind, as an answer to request 1. */
    enum Message {
        OK(Documents.reply(Documents.OK)),
        HELLO(Documents.reply(Documents.HELLO)),
        NOT_OK(Documents.reply(Documents.bson("{ok: 0.0, code: 1}"))),
        BAD_DOCUMENT(Documents.reply(Buffer.buffer(new byte[] {9, 0, 0, 0, 8, 'a', 0, 2, 0}))),
        MORE_TO_COME(new OpMsg(OpMsg.MORE_TO_COME, Documents.OK, List.of()).write(7, 1, 1000)),
        LEGACY(new OpReply(0, 0, 0, List.of(Documents.OK)).write(7, 1, 1000)),
        QUERY(new OpQuery(0, "a.$cmd", 0, 1, Documents.OK, null).write(7, 1, 1000)),
        COMPRESSED(Documents.frame(2012, Buffer.buffer(new byte[9]))),
        UNKNOWN(Documents.frame(9999, Buffer.buffer()));

        final Buffer bytes;

        Message(Buffer bytes) {
            this.bytes = bytes;
        }
    }

    @ParameterizedTest
    @CsvSource({
        // in the order of Message
        "CONNECTED,      FRAMING FRAMING FRAMING FRAMING FRAMING FRAMING FRAMING FRAMING FRAMING",
        "HELLO_SENT,     FRAMING Ready HandshakeRefused FRAMING FRAMING FRAMING FRAMING FRAMING FRAMING",
        "AUTHENTICATING, LoginRefused LoginRefused LoginRefused FRAMING FRAMING FRAMING FRAMING FRAMING FRAMING",
        "READY,          Reply Reply Reply Undecodable FRAMING Reply FRAMING FRAMING FRAMING",
        "CLOSED,         - - - - - - - - -",
        "FAILED,         - - - - - - - - -"
    })
    void messages(MongoState state, String outcomes) {
        String found = Stream.of(Message.values())
                .map(message -> outcome(in(state), message.bytes))
                .collect(Collectors.joining(" "));
        assertEquals(outcomes, found);
    }

    @ParameterizedTest
    @EnumSource(MongoState.class)
    void requests(MongoState state) {
        MongoClientMachine client = in(state).client;
        if (state == MongoState.READY) {
            assertEquals(2, client.send(Documents.bson("{ping: 1, $db: 'a'}"), List.of()));
        } else {
            assertThrows(IllegalStateException.class, () -> client.send(Documents.OK, List.of()));
            assertThrows(
                    IllegalStateException.class,
                    () -> client.send(new OpMsg(OpMsg.MORE_TO_COME, Documents.OK, List.of())));
        }
        if (state != MongoState.CONNECTED) {
            assertThrows(IllegalStateException.class, () -> client.start(0));
        }
    }

    @Test
    void aFailedMachineStaysQuiet() {
        MongoClientMachine client = in(MongoState.FAILED).client;
        client.peerClosed(1);
        client.tick(Long.MAX_VALUE);
        assertEquals(Long.MAX_VALUE, client.deadlineMillis());
        assertEquals(MongoState.FAILED, client.state());
    }

    /** The hello has the last id there is, so that the first command of the login has 1. */
    private static Conversation loggingIn() {
        MongoCredential user = new MongoCredential("user", "pencil", MongoCredential.EXTERNAL);
        Conversation conversation = new Conversation(
                new MongoClientOptions(100_000, Conversation.CLIENT, Integer.MAX_VALUE, 10_000)
                        .withLogin(() -> new MongoLogin(List.of(MongoMechanism.plain()), user, () -> "nonce")),
                FrameTap.NONE);
        conversation.client.start(0);
        conversation.requests();
        conversation.server.reply(Integer.MAX_VALUE, Documents.HELLO);
        assertEquals(List.of(), conversation.events());
        conversation.requests();
        assertEquals(MongoState.AUTHENTICATING, conversation.client.state());
        return conversation;
    }

    private static String outcome(Conversation conversation, Buffer bytes) {
        try {
            List<MongoEvent> events = conversation.events(bytes);
            return events.isEmpty() ? "-" : events.get(0).getClass().getSimpleName();
        } catch (ProtocolException violation) {
            assertEquals(MongoState.FAILED, conversation.client.state());
            return violation.kind().name();
        }
    }

    private static Conversation in(MongoState state) {
        if (state == MongoState.AUTHENTICATING) {
            return loggingIn();
        }
        Conversation conversation = state == MongoState.CONNECTED || state == MongoState.HELLO_SENT
                ? new Conversation()
                : Conversation.ready();
        switch (state) {
            case CONNECTED, READY, AUTHENTICATING -> {}
            case HELLO_SENT -> conversation.client.start(0);
            case CLOSED -> {
                conversation.client.peerClosed(0);
                conversation.client.nextEvent();
            }
            case FAILED -> assertThrows(ProtocolException.class, () -> conversation.events(Message.UNKNOWN.bytes));
        }
        assertEquals(state, conversation.client.state());
        return conversation;
    }
}
