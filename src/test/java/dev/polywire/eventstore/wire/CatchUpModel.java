package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.wire.CatchUpPlan.Phase;
import dev.polywire.eventstore.wire.CatchUpPlan.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** A server that is a counter, a connection that is a queue, and a subscription that does what its plan says. */
final class CatchUpModel<P extends Comparable<P>> {

    private static final int EVENTS = 60;
    private static final int QUEUE = 5;
    private static final int MOST_TURNS = 100_000;

    final List<Integer> given = new ArrayList<>();
    int overflows;
    int cuts;
    int late;

    private final Random random;
    private final CatchUpPlan<P> plan;
    private final IntFunction<P> at;
    private final ToIntFunction<P> event;
    /** Every so many events pass the filter. */
    private final int each;

    private int written;
    private boolean connected = true;
    /** Of the subscription that the server has, and of that which the client has; 0: none. */
    private int serverId;

    private int clientId;
    private int lastId;
    private final ArrayDeque<Runnable> onTheWire = new ArrayDeque<>();
    private boolean reading;
    private boolean resting;
    private final ArrayDeque<List<Integer>> pages = new ArrayDeque<>();
    private final ArrayDeque<Integer> queue = new ArrayDeque<>();

    CatchUpModel(int seed, PageCursor<P> cursor, IntFunction<P> at, ToIntFunction<P> event, int each) {
        this.random = new Random(seed);
        this.plan = new CatchUpPlan<>(cursor);
        this.at = at;
        this.event = event;
        this.each = each;
    }

    List<Integer> expected(int first) {
        return IntStream.range(first, EVENTS).filter(this::passes).boxed().toList();
    }

    private boolean passes(int number) {
        return number % each == 0;
    }

    /** Until all is written, read and given. */
    void play() {
        int last = IntStream.range(0, EVENTS).filter(this::passes).max().orElseThrow();
        for (int turn = 0; !given.contains(last) || plan.phase() != Phase.LIVE; turn++) {
            assertTrue(turn < MOST_TURNS, "it does not get on: " + given);
            act(random.nextInt(20));
            decide();
        }
    }

    private void act(int what) {
        if (what < 5 && written < EVENTS) {
            write();
        } else if (what < 11 && !onTheWire.isEmpty()) {
            onTheWire.remove().run();
        } else if (what < 13) {
            pull();
        } else if (what < 16 && !connected) {
            up();
        } else if (what == 16 && connected) {
            cut();
        } else if (what == 17 && resting) {
            resting = false;
            plan.rested();
        } else if (what == 18 && plan.phase() == Phase.JOINING) {
            late++;
            queue.clear();
            plan.late();
        }
    }

    private void decide() {
        for (Step step = next(); step != Step.WAIT; step = next()) {
            switch (step) {
                case READ -> {
                    reading = true;
                    answer();
                }
                case SUBSCRIBE -> subscribe();
                case UNSUBSCRIBE -> {
                    assertTrue(connected && clientId != 0, "it leaves what nobody knows");
                    serverId = 0;
                    clientId = 0;
                }
                default -> resting = true;
            }
        }
    }

    private Step next() {
        return plan.next(pages.isEmpty(), pages.isEmpty(), connected);
    }

    private void write() {
        int number = written++;
        int id = serverId;
        if (id == 0) {
            return;
        }
        if (passes(number)) {
            onTheWire.add(() -> pushed(id, number));
        }
        if (each > 1 && number % 4 == 0) {
            onTheWire.add(() -> pushed(id, -number));
        }
    }

    /** @param number negative: no event, all up to there was looked at */
    private void pushed(int id, int number) {
        if (id != clientId) {
            return;
        }
        if (queue.size() < QUEUE) {
            queue.add(number);
            return;
        }
        overflows++;
        queue.clear();
        plan.full();
    }

    private void subscribe() {
        assertTrue(connected && clientId == 0, "it subscribes twice, or nowhere");
        int id = ++lastId;
        clientId = id;
        if (random.nextInt(10) == 0) {
            // The server says nothing.
            return;
        }
        serverId = id;
        int known = written - 1;
        onTheWire.add(() -> {
            if (id == clientId) {
                plan.confirmed(known);
            }
        });
    }

    /** The server's page, as it is now; its index may be late. */
    private void answer() {
        if (!connected) {
            return;
        }
        int visible = Math.max(0, written - (random.nextInt(4) == 0 ? random.nextInt(3) : 0));
        int first = event.applyAsInt(plan.from());
        int next = Math.max(first, Math.min(visible, first + 1 + random.nextInt(8)));
        List<Integer> found =
                IntStream.range(first, next).filter(this::passes).boxed().toList();
        onTheWire.add(() -> {
            reading = false;
            pages.add(found.stream()
                    .filter(number -> plan.takes(at.apply(number)))
                    .toList());
            plan.page(at.apply(next), next >= visible, visible - 1);
        });
    }

    private void pull() {
        while (!pages.isEmpty()) {
            given.addAll(pages.remove());
        }
        for (int most = random.nextInt(QUEUE); plan.phase() == Phase.LIVE && !queue.isEmpty() && most > 0; most--) {
            int number = queue.remove();
            if (plan.takes(at.apply(Math.abs(number))) && number >= 0) {
                given.add(number);
            }
        }
    }

    private void cut() {
        cuts++;
        connected = false;
        onTheWire.clear();
        serverId = 0;
        if (clientId != 0) {
            clientId = 0;
            queue.clear();
            plan.lost();
        }
        if (reading && random.nextBoolean()) {
            reading = false;
            plan.failed(random.nextBoolean());
        }
    }

    /** A read that was lost is sent again. */
    private void up() {
        connected = true;
        if (reading) {
            answer();
        }
    }
}
