package dev.polywire.spi;

import dev.polywire.core.net.Spi;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Writes down all it hears, and where. */
final class RecordingSpi implements Spi {

    static final String ANSWERED = "answered";
    static final String FAILED = "failed";
    static final String GIVEN_UP = "givenUp";

    final List<Asked> requests = new CopyOnWriteArrayList<>();
    final List<Called> calls = new CopyOnWriteArrayList<>();
    /** {@code bolt 127.0.0.1:7687}, once for each that came up. */
    final List<String> connected = new CopyOnWriteArrayList<>();

    final List<String> disconnected = new CopyOnWriteArrayList<>();
    final AtomicLong received = new AtomicLong();
    final AtomicLong sent = new AtomicLong();
    private final List<String> early = new CopyOnWriteArrayList<>();
    private final Set<String> protocols = Collections.synchronizedSet(new LinkedHashSet<>());
    /** Where it was called: a deployment, and a thread. */
    private final Set<String> places = Collections.synchronizedSet(new LinkedHashSet<>());

    /** A request, and each of its ends: {@code answered} or {@code failed}. */
    record Asked(
            String caller, String address, String action, MultiMap headers, long deadlineMillis, List<String> ends) {}

    /** A call to the peer, and what was said of it. */
    record Called(
            String protocol, String operation, @Nullable Object request, List<String> words) {

        boolean isOver() {
            return !words.isEmpty() && !words.get(words.size() - 1).equals("sent");
        }

        /** {@code find sent answered}. */
        @Override
        public String toString() {
            return words.isEmpty() ? operation : operation + " " + String.join(" ", words);
        }
    }

    /** The request that came with this header. */
    @Nullable
    Asked asked(String traceparent) {
        return requests.stream()
                .filter(each -> traceparent.equals(each.headers.get("traceparent")))
                .findFirst()
                .orElse(null);
    }

    /** What was said of the calls for a request, in their order. */
    List<String> callsOf(@Nullable Object request) {
        return calls.stream()
                .filter(each -> each.request == request)
                .map(Called::toString)
                .toList();
    }

    Set<String> protocols() {
        return Set.copyOf(protocols);
    }

    Set<String> places() {
        return Set.copyOf(places);
    }

    /**
     * Requests and calls whose ends are not exactly one, calls that were said sent twice, or behind their end, and those that
     * had no end when their request succeeded.
     */
    List<String> wrong() {
        List<String> wrong = new ArrayList<>(early);
        for (Asked each : requests) {
            if (each.ends.size() != 1) {
                wrong.add(each.address + " " + each.action + " " + each.ends);
            }
        }
        for (Called each : calls) {
            List<String> words = each.words;
            if (!(words.size() == 1 && !words.get(0).equals("sent")
                    || words.size() == 2
                            && words.get(0).equals("sent")
                            && !words.get(1).equals("sent"))) {
                wrong.add(each.toString());
            }
        }
        return wrong;
    }

    @Override
    public void connected(String protocol, String target) {
        here();
        connected.add(protocol + " " + target);
    }

    @Override
    public void disconnected(String protocol, String target) {
        here();
        disconnected.add(protocol + " " + target);
    }

    @Override
    public Object admitted(String caller, String address, String action, MultiMap parent, long deadlineMillis) {
        here();
        Asked asked = new Asked(
                caller,
                address,
                action,
                MultiMap.caseInsensitiveMultiMap().addAll(parent),
                deadlineMillis,
                new CopyOnWriteArrayList<>());
        requests.add(asked);
        return asked;
    }

    @Override
    public void done(@Nullable Object request, @Nullable Throwable failure) {
        here();
        Asked asked = (Asked) known(request);
        asked.ends.add(failure == null ? ANSWERED : FAILED);
        if (failure == null) {
            calls.stream()
                    .filter(each -> each.request == request && !each.isOver())
                    .forEach(each -> early.add("request answered before " + each));
        }
    }

    @Override
    public Object queued(String protocol, String operation, @Nullable Object request) {
        here();
        protocols.add(protocol);
        Called called = new Called(protocol, operation, request, new CopyOnWriteArrayList<>());
        calls.add(called);
        return called;
    }

    @Override
    public void sent(@Nullable Object call) {
        say(call, "sent");
    }

    @Override
    public void answered(@Nullable Object call, @Nullable Throwable failure) {
        say(call, failure == null ? ANSWERED : FAILED);
    }

    @Override
    public void givenUp(@Nullable Object call, Throwable why) {
        say(call, GIVEN_UP);
    }

    @Override
    public void moved(String protocol, int receivedBytes, int sentBytes) {
        here();
        protocols.add(protocol);
        received.addAndGet(receivedBytes);
        sent.addAndGet(sentBytes);
    }

    private void say(@Nullable Object call, String word) {
        here();
        ((Called) known(call)).words.add(word);
    }

    private static Object known(@Nullable Object token) {
        if (token == null) {
            throw new AssertionError("of a token that was never given");
        }
        return token;
    }

    private void here() {
        Context context = Vertx.currentContext();
        places.add((context == null ? "no context" : context.deploymentID()) + " on "
                + Thread.currentThread().getName());
    }
}
