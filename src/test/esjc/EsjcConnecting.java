import com.github.msemys.esjc.CatchUpSubscription;
import com.github.msemys.esjc.CatchUpSubscriptionSettings;
import com.github.msemys.esjc.EventStore;
import com.github.msemys.esjc.ExpectedVersion;
import com.github.msemys.esjc.RecordedEvent;
import com.github.msemys.esjc.UserCredentials;
import com.github.msemys.esjc.event.AuthenticationFailed;
import com.github.msemys.esjc.event.ClientConnected;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Connecting, a wrong password, a server that goes and comes back. */
final class EsjcConnecting {

    private final EventStore store;
    private final int port;
    private final LinkedBlockingQueue<String> states = new LinkedBlockingQueue<>();
    private final EsjcSubscribing.Heard heard = new EsjcSubscribing.Heard("reconnect");

    EsjcConnecting(EventStore store, int port) {
        this.store = store;
        this.port = port;
    }

    void addTo(Map<String, EsjcDriver.Scenario> scenarios) {
        scenarios.put("ponies", this::ponies);
        scenarios.put("wrong password", this::wrongPassword);
        scenarios.put("reconnect", this::reconnect);
        scenarios.put("reconnected", this::reconnected);
    }

    /** The first conversation of photon-pump's documentation: connect, append, read back, JSON. esjc has no ping of its own. */
    private String ponies() throws Exception {
        long number = EsjcDriver.await(store.appendToStream(
                        "ponies",
                        ExpectedVersion.ANY,
                        EsjcDriver.json(
                                "PonyJumped", "{\"Pony\":\"Derpy Hooves\",\"Height\":10,\"Distance\":13}")))
                .nextExpectedVersion;
        RecordedEvent event = EsjcDriver.await(store.readEvent("ponies", number, true)).event.event;
        JsonObject data = new Gson().fromJson(new String(event.data, StandardCharsets.UTF_8), JsonObject.class);
        return number + " " + event.eventType + (event.isJson ? " JSON: " : " binary: ") + data.get("Pony").getAsString()
                + " jumped " + data.get("Height").getAsInt() + " high, " + data.get("Distance").getAsInt() + " far";
    }

    /** Of the connection, which esjc then closes itself, and of one request. */
    private String wrongPassword() throws Exception {
        UserCredentials credentials = new UserCredentials(EsjcDriver.USER, "canary-5d1e-esjc");
        EventStore wrong =
                EsjcDriver.builder(port).userCredentials(credentials).build();
        try {
            CompletableFuture<String> told = new CompletableFuture<>();
            wrong.addListener(event -> {
                if (event instanceof AuthenticationFailed) {
                    told.complete(event.getClass().getSimpleName());
                }
            });
            wrong.connect();
            return told.get(20, TimeUnit.SECONDS) + ", append: "
                    + EsjcDriver.refusal(store.appendToStream(
                            "wrong password", ExpectedVersion.ANY, EsjcDriver.json("Happened", "{}"), credentials))
                    + ", nobody wrote: "
                    + EsjcDriver.await(store.readStreamEventsForward("wrong password", 0, 1, false)).status;
        } finally {
            wrong.shutdown();
        }
    }

    /** A subscription that is live, at a server that then goes. */
    private String reconnect() throws Exception {
        EsjcDriver.fill(store, "reconnect", 2);
        CatchUpSubscriptionSettings goingOn =
                CatchUpSubscriptionSettings.newBuilder().resubscribeOnReconnect(true).build();
        CatchUpSubscription subscription = store.subscribeToStreamFrom("reconnect", null, goingOn, heard.catchingUp());
        String caught = heard.next(3);
        store.addListener(event -> states.add(event.getClass().getSimpleName()));
        return caught;
    }

    /** The server went, and came back with what it had. */
    private String reconnected() throws Exception {
        // How often it tries depends on when the server is back.
        Set<String> changes = new LinkedHashSet<>();
        while (!changes.contains(ClientConnected.class.getSimpleName())) {
            changes.add(EsjcSubscribing.next(states, 1));
        }
        String again = heard.next(2);
        long next = EsjcDriver.await(store.appendToStream("reconnect", 1, EsjcDriver.json("Later", "{}")))
                .nextExpectedVersion;
        return String.join(" ", changes) + ", appended " + next + ", heard " + again + " " + heard.next(1);
    }
}
