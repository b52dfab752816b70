package dev.polywire.eventstore.service;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RawDoor;
import dev.polywire.core.bus.request.Request;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.session.Repetition;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.WriteMessage;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The raw door, {@code <address>.raw}: payloads in protobuf, see {@link EventStoreService}. */
final class RawPayloadHandler implements RawDoor {

    private static final Map<String, TcpCommand> COMMANDS = Stream.of(
                    TcpCommand.WRITE_EVENTS,
                    TcpCommand.DELETE_STREAM,
                    TcpCommand.READ_EVENT,
                    TcpCommand.READ_STREAM_EVENTS_FORWARD,
                    TcpCommand.READ_STREAM_EVENTS_BACKWARD,
                    TcpCommand.READ_ALL_EVENTS_FORWARD,
                    TcpCommand.READ_ALL_EVENTS_BACKWARD,
                    TcpCommand.FILTERED_READ_ALL_EVENTS_FORWARD,
                    TcpCommand.FILTERED_READ_ALL_EVENTS_BACKWARD)
            .collect(Collectors.toUnmodifiableMap(TcpCommand::protocolName, Function.identity()));

    static final Set<String> ACTIONS = COMMANDS.keySet();

    private final ServerCalls calls;
    private final boolean retryAny;

    RawPayloadHandler(ServerCalls calls, boolean retryAny) {
        this.calls = calls;
        this.retryAny = retryAny;
    }

    @Override
    public Future<Answer> answer(Request<Buffer> request) {
        MultiMap headers = request.headers();
        TcpCommand command = Objects.requireNonNull(COMMANDS.get(headers.get("action")), "an action that is served");
        EventStoreMessage question = read(command, request.body());
        return calls.send(question, repetition(question, headers), request.deadline())
                .map(answer -> new Answer(answer.payload()));
    }

    private static EventStoreMessage read(TcpCommand command, Buffer payload) {
        try {
            return EventStoreMessage.read(command, payload);
        } catch (ProtocolException malformed) {
            throw Failure.BAD_REQUEST.because("body: " + malformed.getMessage());
        }
    }

    private Repetition repetition(EventStoreMessage question, MultiMap headers) {
        if (question instanceof ReadMessage) {
            return Repetition.READ;
        }
        String said = headers.get("retryAny");
        boolean any = said == null ? retryAny : said.equals("true");
        if (said != null && !any && !said.equals("false")) {
            throw Failure.BAD_REQUEST.because("retryAny: unknown (expected: true or false, in a header)");
        }
        long expected = question instanceof WriteMessage.WriteEvents write
                ? write.expectedVersion()
                : ((WriteMessage.DeleteStream) question).expectedVersion();
        return WriteJson.repetition(expected, any);
    }
}
