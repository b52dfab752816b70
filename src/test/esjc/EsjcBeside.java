import com.github.msemys.esjc.EventStore;
import com.github.msemys.esjc.ExpectedVersion;
import com.github.msemys.esjc.PersistentSubscription;
import com.github.msemys.esjc.PersistentSubscriptionListener;
import com.github.msemys.esjc.RetryableResolvedEvent;
import com.github.msemys.esjc.StreamEventsSlice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** esjc beside another client of the same server: what one writes the other reads, and both are in one group. */
final class EsjcBeside {

    private final EventStore store;
    private final ConcurrentLinkedQueue<Long> taken = new ConcurrentLinkedQueue<>();

    EsjcBeside(EventStore store) {
        this.store = store;
    }

    void addTo(Map<String, EsjcDriver.Scenario> scenarios) {
        scenarios.put("beside: append", this::append);
        scenarios.put("beside: read", this::read);
        scenarios.put("beside: join", this::join);
        scenarios.put("beside: took", this::took);
    }

    private String append() throws Exception {
        List<com.github.msemys.esjc.EventData> all = Stream.of("Derpy Hooves", "Berry Punch")
                .map(pony -> EsjcDriver.json("PonyJumped", "{\"Pony\":\"" + pony + "\"}"))
                .toList();
        return Long.toString(EsjcDriver.await(store.appendToStream("of esjc", ExpectedVersion.NO_STREAM, all))
                .nextExpectedVersion);
    }

    private String read() throws Exception {
        StreamEventsSlice slice = EsjcDriver.await(store.readStreamEventsForward("of polywire", 0, 10, false));
        return slice.events.stream()
                .map(read -> read.event.eventNumber + " " + read.event.eventType + " " + read.event.eventId
                        + (read.event.isJson ? " JSON " : " binary ")
                        + new String(read.event.data, StandardCharsets.UTF_8) + " "
                        + new String(read.event.metadata, StandardCharsets.UTF_8))
                .collect(Collectors.joining("; "));
    }

    /** It leaves it to esjc to acknowledge. */
    private String join() throws Exception {
        EsjcDriver.await(store.subscribeToPersistent("beside", "both", new PersistentSubscriptionListener() {
            @Override
            public void onEvent(PersistentSubscription subscription, RetryableResolvedEvent event) {
                taken.add(event.originalEventNumber());
            }
        }));
        return "joined";
    }

    private String took() {
        return taken.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
