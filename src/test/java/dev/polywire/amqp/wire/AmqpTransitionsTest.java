package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The two tables, said again; and each state against each method. */
class AmqpTransitionsTest {

    @ParameterizedTest
    @CsvSource({
        // WE_START START WE_REFUSE SECURE TUNE OPEN_OK BLOCKED UNBLOCKED WE_UPDATE_SECRET UPDATE_SECRET_OK CHANNEL
        // HEARTBEAT WE_CLOSE CLOSE CLOSE_OK PEER_CLOSED VIOLATION
        "CONNECTED,      HEADER_SENT - - - - - - - - - - - CLOSED - - CLOSED FAILED",
        "HEADER_SENT,    - AUTHENTICATING - - - - - - - - - - CLOSED CLOSED - CLOSED FAILED",
        "AUTHENTICATING, - - FAILED AUTHENTICATING OPENING - - - - - - AUTHENTICATING CLOSED CLOSED - CLOSED FAILED",
        "OPENING,        - - - - - OPEN - - - - - OPENING CLOSED CLOSED - CLOSED FAILED",
        "OPEN,           - - - - - - OPEN OPEN OPEN OPEN OPEN OPEN CLOSING CLOSED - CLOSED FAILED",
        "CLOSING,        - - - - - - CLOSING CLOSING - CLOSING CLOSING CLOSING - CLOSED CLOSED CLOSED FAILED",
        "CLOSED,         - - - - - - - - - - - - - - - - -",
        "FAILED,         - - - - - - - - - - - - - - - - -",
    })
    void connection(ConnectionState state, String next) {
        String found = Stream.of(ConnectionTransitions.Input.values())
                .map(input -> ConnectionTransitions.next(state, input))
                .map(to -> to == null ? "-" : to.name())
                .collect(Collectors.joining(" "));
        assertEquals(next, found);
    }

    @ParameterizedTest
    @CsvSource({
        // OPEN_OK WE_SEND FRAME WE_CLOSE CLOSE CLOSE_OK
        "OPENING, OPEN - - CLOSING CLOSED -",
        "OPEN,    - OPEN OPEN CLOSING CLOSED -",
        "CLOSING, CLOSING - CLOSING - CLOSING CLOSED",
        "CLOSED,  - - - - - -"
    })
    void channel(ChannelState state, String next) {
        String found = Stream.of(ChannelTransitions.Input.values())
                .map(input -> ChannelTransitions.next(state, input))
                .map(to -> to == null ? "-" : to.name())
                .collect(Collectors.joining(" "));
        assertEquals(next, found);
    }

    /** Which methods may come on channel 0, and what they lead to; all others are a violation. A37 */
    @ParameterizedTest
    @CsvSource({
        "CONNECTED,      ''",
        "HEADER_SENT,    'connection.start AUTHENTICATING, connection.close CLOSED'",
        "AUTHENTICATING, 'connection.tune OPENING, connection.close CLOSED'",
        "OPENING,        'connection.open-ok OPEN, connection.close CLOSED'",
        "OPEN,           'connection.close CLOSED, connection.blocked OPEN, connection.unblocked OPEN'",
        "CLOSING,        'connection.close CLOSED, connection.close-ok CLOSED, connection.blocked CLOSING, "
                + "connection.unblocked CLOSING'",
    })
    void methodsOfTheConnection(ConnectionState state, String allowed) {
        Map<String, String> found = new LinkedHashMap<>();
        for (AmqpMethod method : methods()) {
            AmqpClientMachine client = in(state).client;
            if (hears(client, Encoded.frame(0, method))) {
                found.put(method.name(), client.state().name());
            }
        }
        String text = found.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
        assertEquals(allowed, text);
    }

    /** Which methods may come on a channel that asked for nothing. */
    @ParameterizedTest
    @CsvSource({
        "OPENING, 'channel.open-ok, channel.close'",
        "OPEN,    'channel.flow, channel.close, basic.cancel, basic.return'",
        "CLOSED,  ''"
    })
    void methodsOfAChannel(ChannelState state, String allowed) {
        String found = methods().stream()
                .filter(method -> {
                    Conversation conversation = Conversation.open();
                    if (state == ChannelState.OPEN) {
                        conversation.channel();
                    } else if (state == ChannelState.OPENING) {
                        conversation.client.openChannel();
                    }
                    return hears(conversation.client, Encoded.frame(1, method));
                })
                .map(AmqpMethod::name)
                .collect(Collectors.joining(", "));
        assertEquals(allowed, found);
    }

    /** A25: while a channel closes everything is dropped, and the answer is heard. */
    @Test
    void methodsOfAChannelThatCloses() {
        for (AmqpMethod method : methods()) {
            Conversation conversation = Conversation.open();
            int channel = conversation.channel();
            conversation.client.closeChannel(channel, 200, "");
            conversation.server(channel, method);
            boolean answer = method instanceof ChannelMethod.CloseOk;
            assertEquals(answer ? "1 closed 200" : "", conversation.heard(), method::name);
        }
    }

    @ParameterizedTest
    @EnumSource(ConnectionState.class)
    void requests(ConnectionState state) {
        AmqpClientMachine client = in(state).client;
        if (state == ConnectionState.OPEN) {
            assertEquals(1, client.openChannel());
        } else {
            assertThrows(IllegalStateException.class, client::openChannel);
            assertThrows(IllegalStateException.class, () -> client.send(1, new TxMethod.Select()));
            assertThrows(IllegalStateException.class, () -> client.closeChannel(1, 200, ""));
            assertThrows(IllegalStateException.class, () -> client.updateSecret(Buffer.buffer(), ""));
        }
        if (state != ConnectionState.CONNECTED) {
            assertThrows(IllegalStateException.class, () -> client.start(0));
        }
        if (state.isFinal()) {
            client.peerClosed(1);
            client.tick(Long.MAX_VALUE);
            assertEquals(Long.MAX_VALUE, client.deadlineMillis());
            assertThrows(IllegalStateException.class, () -> client.close(200, "", 0));
        }
    }

    private static List<AmqpMethod> methods() {
        Random random = new Random(7);
        return Encoded.methods().stream()
                .map(type -> Encoded.method(type, random))
                .map(method -> method instanceof ConnectionMethod.Start ? Conversation.start("PLAIN", "en_US") : method)
                .map(method -> method instanceof ConnectionMethod.Tune ? Conversation.TUNE : method)
                .sorted(Comparator.comparing(AmqpMethod::id))
                .toList();
    }

    /** Whether it may come; if not, the machine has failed. */
    private static boolean hears(AmqpClientMachine client, Buffer frame) {
        client.receive(frame, 0);
        try {
            client.nextEvent();
            return true;
        } catch (ProtocolException violation) {
            assertEquals(ConnectionState.FAILED, client.state());
            return false;
        }
    }

    private static Conversation in(ConnectionState state) {
        Conversation conversation = new Conversation(Conversation.options());
        AmqpClientMachine client = conversation.client;
        if (state != ConnectionState.CONNECTED) {
            client.start(0);
        }
        if (state.compareTo(ConnectionState.AUTHENTICATING) >= 0) {
            hears(client, Encoded.frame(0, Conversation.start("PLAIN", "en_US")));
        }
        if (state.compareTo(ConnectionState.OPENING) >= 0) {
            hears(client, Encoded.frame(0, Conversation.TUNE));
        }
        if (state.compareTo(ConnectionState.OPEN) >= 0) {
            hears(client, Encoded.frame(0, new ConnectionMethod.OpenOk()));
        }
        if (state == ConnectionState.CLOSING) {
            client.close(200, "", 0);
        } else if (state == ConnectionState.CLOSED) {
            hears(client, Encoded.frame(0, new ConnectionMethod.Close(320, "", 0, 0)));
        } else if (state == ConnectionState.FAILED) {
            hears(client, Encoded.frame(0, new ConnectionMethod.OpenOk()));
        }
        assertEquals(state, client.state());
        return conversation;
    }
}
