package dev.polywire.eventstore.session;

import dev.polywire.core.net.CallException;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.CatchUpPlan;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.SubscriptionMessage.SubscriptionConfirmation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Does what a {@link CatchUpPlan} says: asks for pages, subscribes, and keeps what has come until it is pulled.
 *
 * @param <P> the place of an event
 */
final class CatchUp<P extends Comparable<P>> implements EventFlow {

    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final Vertx vertx = Vertx.currentContext().owner();
    private final EventStoreClient client;
    private final EventSource source;
    private final EventPages<P> pages;
    private final FlowLimits limits;
    private final CatchUpPlan<P> plan;
    private final PageQuestions<P> questions;
    private final Listener listener = new Listener();
    private final PullDesk desk = new PullDesk(listener);
    private final HeldPages held = new HeldPages();
    private final PushQueue queue;
    private @Nullable Resume place;
    private @Nullable EventStoreConnection connection;
    private @Nullable ServerPush push;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private long timer = -1;
    /** Until a subscription is confirmed. */
    private long joining = -1;

    private boolean stepping;
    private long overflows;
    private long restarts;

    private CatchUp(
            EventStoreClient client,
            EventSource source,
            EventPages<P> pages,
            @Nullable Resume from,
            FlowLimits limits) {
        this.client = client;
        this.source = source;
        this.pages = pages;
        this.limits = limits;
        this.plan = new CatchUpPlan<>(pages.cursor(from));
        this.questions = new PageQuestions<>(client, source, pages, limits);
        this.queue = new PushQueue(limits);
        this.place = pages.resume(plan.from());
    }

    static <P extends Comparable<P>> CatchUp<P> open(
            EventStoreClient client,
            EventSource source,
            EventPages<P> pages,
            @Nullable Resume from,
            FlowLimits limits) {
        CatchUp<P> opened = new CatchUp<>(client, source, pages, from, limits);
        client.follow(opened.listener);
        opened.step();
        return opened;
    }

    boolean isLive() {
        return plan.phase() == CatchUpPlan.Phase.LIVE;
    }

    @Nullable
    Resume place() {
        return place;
    }

    long overflows() {
        return overflows;
    }

    long restarts() {
        return restarts;
    }

    @Override
    public Future<Events> pull(int max, int maxBytes) {
        return desk.pull(max, maxBytes);
    }

    @Override
    public long heldBytes() {
        return held.bytes() + queue.bytes();
    }

    @Override
    public Future<Void> close() {
        desk.close();
        release();
        held.clear();
        queue.clear();
        return Future.succeededFuture();
    }

    /** What is next: an answer in the same turn, as that of a closed connection, goes around the loop. */
    private void step() {
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            boolean goesOn = true;
            while (goesOn && !desk.isOver()) {
                goesOn = done(plan.next(held.hasRoom(), held.isDrained(), isConnected()));
            }
        } catch (RuntimeException broken) {
            end(broken);
        } finally {
            stepping = false;
        }
    }

    private boolean done(CatchUpPlan.Step step) {
        switch (step) {
            case READ -> questions.ask(plan.from()).onSuccess(this::read).onFailure(this::unread);
            case SUBSCRIBE -> subscribe();
            case UNSUBSCRIBE -> unsubscribe();
            case PAUSE -> pause();
            case WAIT -> {
                return false;
            }
        }
        return true;
    }

    private boolean isConnected() {
        return connection != null && !connection.isClosed();
    }

    private void subscribe() {
        EventStoreConnection there = connection;
        if (there != null) {
            ServerPush begun =
                    ServerPush.begin(there, pages.subscribe(), source.credentials(), source.streamId(), listener);
            if (!begun.isOver()) {
                push = begun;
                joining = vertx.setTimer(limits.pageDeadlineMillis(), over -> late(begun));
            }
        }
    }

    /** The server says nothing of it: it is left, and begun again where reading ends then. */
    private void late(ServerPush begun) {
        if (push == begun && plan.phase() == CatchUpPlan.Phase.JOINING) {
            begun.abandon();
            restart();
            plan.late();
            step();
        }
    }

    private void unsubscribe() {
        if (push != null) {
            push.leave();
            push = null;
        }
    }

    private void pause() {
        timer = vertx.setTimer(pauseMillis, over -> {
            plan.rested();
            step();
        });
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }

    private void read(EventPage<P> page) {
        if (desk.isOver()) {
            return;
        }
        try {
            keep(page);
        } catch (RuntimeException broken) {
            end(broken);
        }
        desk.serve();
        step();
    }

    private void keep(EventPage<P> page) {
        List<ReceivedEvent> fresh = page.events();
        fresh.removeIf(event -> !plan.takes(pages.place(event)));
        plan.page(page.next(), page.isEnd(), page.knownTo());
        held.add(fresh, pages.behind(page, plan.from()));
        if (!fresh.isEmpty() || isLive()) {
            pauseMillis = FIRST_PAUSE_MILLIS;
        }
    }

    private void unread(Throwable why) {
        if (desk.isOver()) {
            return;
        }
        if (why instanceof EventStoreException refused && refused.reason() == EventStoreException.Reason.NO_STREAM) {
            plan.page(plan.from(), true, -1);
            desk.serve();
        } else if (isPassing(why)) {
            plan.failed(!(why instanceof CallException late) || late.reason() != CallException.Reason.TIMEOUT);
        } else {
            end(why);
        }
        step();
    }

    /** Whether another try may find it better. */
    private static boolean isPassing(Throwable why) {
        if (why instanceof EventStoreException refused) {
            return refused.reason().isOfNode();
        }
        return why instanceof CallException call
                && switch (call.reason()) {
                    case SHUTTING_DOWN, BAD_REQUEST, LIMIT_EXCEEDED, UNAUTHENTICATED, FORBIDDEN -> false;
                    default -> true;
                };
    }

    /** What is in order is still given. */
    private void end(@Nullable Throwable why) {
        if (!isLive()) {
            queue.clear();
        }
        release();
        desk.end(why);
    }

    private void release() {
        client.leave(listener);
        vertx.cancelTimer(timer);
        vertx.cancelTimer(joining);
        unsubscribe();
    }

    private void restart() {
        vertx.cancelTimer(joining);
        restarts++;
        push = null;
        queue.clear();
    }

    /** What becomes of the connection, what the server pushes, and what the reader gets. */
    private final class Listener implements EventStoreClient.Follower, ServerPush.Owner, PullDesk.Shelf {

        @Override
        public void up(EventStoreConnection there) {
            connection = there;
            step();
        }

        @Override
        public void shutOut(CallException why) {
            end(why);
        }

        @Override
        public void confirmed(SubscriptionConfirmation how) {
            vertx.cancelTimer(joining);
            plan.confirmed(pages.knownTo(how));
            step();
        }

        @Override
        public void appeared(ReceivedEvent event) {
            if (queue.add(event)) {
                served();
            } else {
                overflows++;
                queue.clear();
                plan.full();
                step();
            }
        }

        @Override
        public void checkpoint(Position position) {
            queue.checkpoint(position);
            served();
        }

        private void served() {
            if (isLive()) {
                desk.serveSoon();
            }
        }

        @Override
        public void unsubscribed() {
            restart();
            plan.dropped();
            step();
        }

        @Override
        public void refused(RuntimeException why) {
            if (isPassing(why)) {
                unsubscribed();
            } else {
                push = null;
                end(why);
            }
        }

        @Override
        public void lost(RuntimeException cause) {
            restart();
            plan.lost();
            step();
        }

        @Override
        public @Nullable Events take(int max, int maxBytes) {
            Handful hand = new Handful(pages, max, maxBytes, place);
            held.take(hand);
            if (held.isDrained() && isLive()) {
                queue.take(hand, event -> plan.takes(pages.place(event)));
            }
            place = hand.place();
            step();
            return hand.events();
        }

        @Override
        public void broken(RuntimeException why) {
            held.clear();
            queue.clear();
            end(why);
        }

        @Override
        public boolean isEmpty() {
            return held.isEmpty() && queue.isEmpty();
        }

        @Override
        public @Nullable Resume place() {
            return place;
        }
    }
}
