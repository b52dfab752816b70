import com.github.msemys.esjc.EventData;
import com.github.msemys.esjc.EventStore;
import com.github.msemys.esjc.EventStoreBuilder;
import com.github.msemys.esjc.ResolvedEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Does scenarios with esjc at a server on 127.0.0.1: {@code EsjcDriver PORT}. Each line of its input names one, and is answered
 * by a line {@code @ OUTCOME}, which says what esjc saw.
 */
public final class EsjcDriver {

    static final String USER = "admin";
    static final String PASSWORD = "changeit";

    private static final int PATIENCE_SECONDS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    /** What esjc does, and what it saw. */
    interface Scenario {
        String run() throws Exception;
    }

    private EsjcDriver() {}

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        Map<String, Scenario> scenarios = new HashMap<>();
        EventStore store = as(port, USER, PASSWORD).build();
        EventStore nobody = builder(port).noUserCredentials().build();
        new EsjcWriting(store, nobody).addTo(scenarios);
        new EsjcReading(store).addTo(scenarios);
        new EsjcSubscribing(store).addTo(scenarios);
        new EsjcConnecting(store, port).addTo(scenarios);
        new EsjcBeside(store).addTo(scenarios);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            System.out.println("@ " + outcome(scenarios.get(order)));
        }
        // Its threads are no daemons.
        System.exit(0);
    }

    private static String outcome(Scenario scenario) {
        try {
            return scenario.run();
        } catch (Throwable failed) {
            failed.printStackTrace();
            return "failed: " + failed;
        }
    }

    static EventStoreBuilder as(int port, String user, String password) {
        return builder(port).userCredentials(user, password);
    }

    static EventStoreBuilder builder(int port) {
        return EventStoreBuilder.newBuilder()
                .singleNodeAddress("127.0.0.1", port)
                .operationTimeout(PATIENCE)
                .reconnectionDelay(Duration.ofMillis(50))
                .maxReconnections(-1);
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }

    /** What a call fails with, by the name of its class; {@code accepted} when it does not. */
    static String refusal(CompletableFuture<?> future) throws Exception {
        try {
            await(future);
            return "accepted";
        } catch (RuntimeException refused) {
            Throwable cause = refused instanceof CompletionException ? refused.getCause() : refused;
            return cause.getClass().getSimpleName();
        }
    }

    static EventData json(String type, String json) {
        return EventData.newBuilder()
                .eventId(UUID.randomUUID())
                .type(type)
                .jsonData(json)
                .build();
    }

    /** As many events as the stream is to have. */
    static void fill(EventStore store, String stream, int events) throws Exception {
        List<EventData> all = java.util.stream.IntStream.range(0, events)
                .mapToObj(number -> json("Numbered", "{\"number\":" + number + "}"))
                .toList();
        await(store.appendToStream(stream, com.github.msemys.esjc.ExpectedVersion.NO_STREAM, all));
    }

    /** Their numbers in the stream that was asked. */
    static String numbers(Iterable<ResolvedEvent> events) {
        return java.util.stream.StreamSupport.stream(events.spliterator(), false)
                .map(event -> Long.toString(event.originalEventNumber()))
                .collect(Collectors.joining(" ", "[", "]"));
    }
}
