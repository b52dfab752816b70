import static com.github.msemys.esjc.subscription.PersistentSubscriptionNakEventAction.Park;
import static com.github.msemys.esjc.subscription.PersistentSubscriptionNakEventAction.Retry;
import static com.github.msemys.esjc.subscription.PersistentSubscriptionNakEventAction.Skip;

import com.github.msemys.esjc.CatchUpSubscription;
import com.github.msemys.esjc.CatchUpSubscriptionListener;
import com.github.msemys.esjc.CatchUpSubscriptionSettings;
import com.github.msemys.esjc.EventStore;
import com.github.msemys.esjc.ExpectedVersion;
import com.github.msemys.esjc.PersistentSubscription;
import com.github.msemys.esjc.PersistentSubscriptionListener;
import com.github.msemys.esjc.PersistentSubscriptionSettings;
import com.github.msemys.esjc.ResolvedEvent;
import com.github.msemys.esjc.RetryableResolvedEvent;
import com.github.msemys.esjc.Subscription;
import com.github.msemys.esjc.SubscriptionDropReason;
import com.github.msemys.esjc.VolatileSubscriptionListener;
import com.github.msemys.esjc.system.SystemConsumerStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Volatile, catch-up and persistent subscriptions. */
final class EsjcSubscribing {

    private final EventStore store;

    EsjcSubscribing(EventStore store) {
        this.store = store;
    }

    void addTo(Map<String, EsjcDriver.Scenario> scenarios) {
        scenarios.put("volatile", this::ofStream);
        scenarios.put("volatile of all", this::ofAll);
        scenarios.put("catch-up", this::catchUp);
        scenarios.put("catch-up of all", this::catchUpOfAll);
        scenarios.put("persistent", this::persistent);
        scenarios.put("persistent, settled", this::settled);
        scenarios.put("persistent, shared", this::shared);
        scenarios.put("persistent, managed", this::managed);
    }

    /** What the listeners of a subscription heard, in the order of it. */
    static final class Heard {

        private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
        private final String stream;

        /** @param stream whose events count; a subscription to $all hears of others too */
        Heard(String stream) {
            this.stream = stream;
        }

        /** The next, with blanks between. */
        String next(int count) throws InterruptedException {
            return EsjcSubscribing.next(words, count);
        }

        VolatileSubscriptionListener live() {
            return new VolatileSubscriptionListener() {
                @Override
                public void onEvent(Subscription subscription, ResolvedEvent event) {
                    add(event);
                }

                @Override
                public void onClose(Subscription subscription, SubscriptionDropReason reason, Exception exception) {
                    words.add(reason.toString());
                }
            };
        }

        CatchUpSubscriptionListener catchingUp() {
            return new CatchUpSubscriptionListener() {
                @Override
                public void onEvent(CatchUpSubscription subscription, ResolvedEvent event) {
                    add(event);
                }

                @Override
                public void onLiveProcessingStarted(CatchUpSubscription subscription) {
                    words.add("live");
                }

                @Override
                public void onClose(
                        CatchUpSubscription subscription, SubscriptionDropReason reason, Exception exception) {
                    words.add(reason.toString());
                }
            };
        }

        private void add(ResolvedEvent event) {
            if (event.originalStreamId().equals(stream)) {
                words.add(Long.toString(event.originalEventNumber()));
            }
        }
    }

    static String next(BlockingQueue<String> words, int count) throws InterruptedException {
        List<String> heard = new ArrayList<>();
        while (heard.size() < count) {
            String word = words.poll(20, TimeUnit.SECONDS);
            if (word == null) {
                return heard + " and no more";
            }
            heard.add(word);
        }
        return String.join(" ", heard);
    }

    private String ofStream() throws Exception {
        EsjcDriver.fill(store, "volatile", 2);
        Heard heard = new Heard("volatile");
        Subscription subscription = EsjcDriver.await(store.subscribeToStream("volatile", false, heard.live()));
        append("volatile", 2);
        String events = heard.next(2);
        subscription.unsubscribe();
        return "after " + subscription.lastEventNumber + ": " + events + ", " + heard.next(1);
    }

    private String ofAll() throws Exception {
        Heard heard = new Heard("volatile of all");
        Subscription subscription = EsjcDriver.await(store.subscribeToAll(false, heard.live()));
        append("volatile of all", 2);
        String events = heard.next(2);
        subscription.unsubscribe();
        return events + ", " + heard.next(1);
    }

    private String catchUp() throws Exception {
        EsjcDriver.fill(store, "catch-up", 5);
        Heard heard = new Heard("catch-up");
        CatchUpSubscriptionSettings twoAtATime =
                CatchUpSubscriptionSettings.newBuilder().readBatchSize(2).build();
        CatchUpSubscription subscription = store.subscribeToStreamFrom("catch-up", 0L, twoAtATime, heard.catchingUp());
        String caught = heard.next(5);
        append("catch-up", 2);
        String events = heard.next(2);
        subscription.stop();
        return "after 0: " + caught + " " + events + ", " + heard.next(1);
    }

    private String catchUpOfAll() throws Exception {
        EsjcDriver.fill(store, "catch-up of all", 3);
        Heard heard = new Heard("catch-up of all");
        CatchUpSubscription subscription = store.subscribeToAllFrom(null, heard.catchingUp());
        String caught = heard.next(4);
        append("catch-up of all", 2);
        String events = heard.next(2);
        subscription.stop();
        return caught + " " + events + ", " + heard.next(1);
    }

    /** A consumer of a persistent subscription; by default it leaves it to esjc to acknowledge. */
    private static class Consumer implements PersistentSubscriptionListener {

        final BlockingQueue<String> words = new LinkedBlockingQueue<>();

        @Override
        public void onEvent(PersistentSubscription subscription, RetryableResolvedEvent event) {
            words.add(event.originalEventNumber() + (event.retryCount > 0 ? "/" + event.retryCount : ""));
        }

        @Override
        public void onClose(PersistentSubscription subscription, SubscriptionDropReason reason, Exception exception) {
            words.add(reason.toString());
        }
    }

    private String persistent() throws Exception {
        EsjcDriver.fill(store, "persistent", 3);
        String created = create("persistent", fromBeginning());
        Consumer consumer = new Consumer();
        PersistentSubscription subscription =
                EsjcDriver.await(store.subscribeToPersistent("persistent", "group", consumer));
        String caught = next(consumer.words, 3);
        append("persistent", 2);
        String live = next(consumer.words, 2);
        subscription.stop(java.time.Duration.ofSeconds(20));
        return created + ": " + caught + " " + live + ", " + next(consumer.words, 1);
    }

    /** Event 0 is acknowledged, 1 asked for again, 2 parked, 3 skipped; 4 shows that nothing else comes in between. */
    private String settled() throws Exception {
        EsjcDriver.fill(store, "settled", 4);
        create("settled", fromBeginning());
        Consumer consumer = new Consumer() {
            @Override
            public void onEvent(PersistentSubscription subscription, RetryableResolvedEvent event) {
                super.onEvent(subscription, event);
                if (event.originalEventNumber() == 1 && event.retryCount == 0) {
                    subscription.fail(event, Retry, "again");
                } else if (event.originalEventNumber() == 2) {
                    subscription.fail(event, Park, "aside");
                } else if (event.originalEventNumber() == 3) {
                    subscription.fail(event, Skip, "not for us");
                } else {
                    subscription.acknowledge(event);
                }
            }
        };
        Heard parked = new Heard("$persistentsubscription-settled::group-parked");
        Subscription parking = EsjcDriver.await(store.subscribeToStream(parked.stream, false, parked.live()));
        PersistentSubscription subscription =
                EsjcDriver.await(store.subscribeToPersistent("settled", "group", consumer, 10, false));
        // The one that comes again does so before or after the others.
        TreeSet<String> heard = new TreeSet<>(List.of(next(consumer.words, 5).split(" ")));
        String aside = parked.next(1);
        append("settled", 1);
        String after = next(consumer.words, 1);
        subscription.stop(java.time.Duration.ofSeconds(20));
        parking.unsubscribe();
        return String.join(" ", heard) + ", parked " + aside + ", then " + after;
    }

    /** Two consumers take turns; a third is one too many. */
    private String shared() throws Exception {
        EsjcDriver.fill(store, "shared", 1);
        create("shared", PersistentSubscriptionSettings.newBuilder()
                .resolveLinkTos(false)
                .startFromCurrent()
                .namedConsumerStrategy(SystemConsumerStrategy.ROUND_ROBIN)
                .maxSubscriberCount(2)
                .build());
        Consumer one = new Consumer();
        Consumer other = new Consumer();
        PersistentSubscription first = EsjcDriver.await(store.subscribeToPersistent("shared", "group", one));
        PersistentSubscription second = EsjcDriver.await(store.subscribeToPersistent("shared", "group", other));
        String third = EsjcDriver.refusal(store.subscribeToPersistent("shared", "group", new Consumer()));
        append("shared", 1);
        append("shared", 1);
        append("shared", 1);
        append("shared", 1);
        TreeSet<String> heard = new TreeSet<>();
        heard.addAll(List.of(next(one.words, 2).split(" ")));
        heard.addAll(List.of(next(other.words, 2).split(" ")));
        first.stop(java.time.Duration.ofSeconds(20));
        second.stop(java.time.Duration.ofSeconds(20));
        return "two each of " + String.join(" ", heard) + ", third: " + third;
    }

    private String managed() throws Exception {
        EsjcDriver.fill(store, "managed", 1);
        String missing = EsjcDriver.refusal(store.subscribeToPersistent("managed", "group", new Consumer()));
        create("managed", fromBeginning());
        String twice = EsjcDriver.refusal(store.createPersistentSubscription("managed", "group", fromBeginning()));
        Consumer before = new Consumer();
        EsjcDriver.await(store.subscribeToPersistent("managed", "group", before));
        String first = next(before.words, 1);
        String updated = EsjcDriver.await(store.updatePersistentSubscription("managed", "group", fromBeginning()))
                .status
                .toString();
        String ended = next(before.words, 1);
        String deleted = EsjcDriver.await(store.deletePersistentSubscription("managed", "group")).status.toString();
        String again = EsjcDriver.refusal(store.deletePersistentSubscription("managed", "group"));
        return "missing: " + missing + ", twice: " + twice + ", consumed " + first + ", updated " + updated + ": " + ended
                + ", deleted " + deleted + ", again: " + again;
    }

    private String create(String stream, PersistentSubscriptionSettings settings) throws Exception {
        return EsjcDriver.await(store.createPersistentSubscription(stream, "group", settings)).status.toString();
    }

    private static PersistentSubscriptionSettings fromBeginning() {
        return PersistentSubscriptionSettings.newBuilder()
                .resolveLinkTos(false)
                .startFromBeginning()
                .build();
    }

    private void append(String stream, int events) throws Exception {
        List<com.github.msemys.esjc.EventData> all = java.util.stream.Stream.generate(() -> EsjcDriver.json("Later", "{}"))
                .limit(events)
                .toList();
        EsjcDriver.await(store.appendToStream(stream, ExpectedVersion.ANY, all));
    }
}
