package dev.polywire.calls;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One connection of ours and its peer, which does nothing by itself once the connection is up: it hears a command and answers
 * it when it is told to. Commands have names, by which a test knows whose answer it got.
 *
 * <p>What a side cannot do its {@link Party} says with a reason, and nobody asks it for.
 *
 * @param <C> our connection
 */
abstract class Side<C extends Link.Breakable> implements AutoCloseable {

    static final String ANSWERED = "answered";

    /** It passes soon, and not in the turn of the loop in which it is set. */
    private static final long SHORT_MILLIS = 20;

    private static final long LONG_MILLIS = 15_000;

    final Loop loop = new Loop();
    private final CompletableFuture<RuntimeException> down = new CompletableFuture<>();
    private final String protocol;
    /** Kept, because a client that is collected closes its connections. */
    private Dialer dialer;

    private C connection;

    /** Sends a command on the connection's context. Its future gives the name of whose answer it was. */
    @FunctionalInterface
    interface Command {
        Future<String> send(String name, Deadline deadline);
    }

    Side(String protocol) {
        this.protocol = protocol;
    }

    // ---- what a protocol says

    /** Where the peer is. */
    abstract EndpointOptions endpoint();

    abstract Future<C> dial(Dialer dialer, long handshakeTimeoutMillis);

    /** What the peer does until the connection is up, where nobody does it for it. */
    void accept() {}

    /** The connection is up: what else must be there before commands. */
    void prepare() {}

    /** A command that changes nothing. */
    Future<String> reading(String name, Deadline deadline) {
        throw none("reading");
    }

    /** A command that changes something. */
    abstract Future<String> changing(String name, Deadline deadline);

    /** A command of whatever kind, which the peer answers. */
    Future<String> next(String name, Deadline deadline) {
        return reading(name, deadline);
    }

    /** A command that is longer than one may be. */
    abstract Future<String> tooLong(String name, Deadline deadline);

    /** A command with an argument that has no form in this protocol. */
    Future<String> unwritable(String name, Deadline deadline) {
        throw none("unwritable");
    }

    /** A command that cannot be sent where the connection stands. */
    Future<String> outOfTurn(String name, Deadline deadline) {
        throw none("outOfTurn");
    }

    /** A command that does not wait in one row with the others. */
    Future<String> beside(String name, Deadline deadline) {
        throw none("beside");
    }

    /** Of a deadline that is to pass when its command was sent. */
    long shortMillis() {
        return SHORT_MILLIS;
    }

    /** Lets what is sent from now on wait for its turn. @return how many commands it took */
    int fill() {
        throw none("fill");
    }

    /** Waits until a command is on its way: until the peer has it, unless it is on its way no more by that. */
    void sent() {
        hear();
    }

    /** Waits until the peer has the next command, and gives its name. */
    abstract String hear();

    /** The peer answers the oldest that it has heard and not answered. */
    abstract void answer();

    /** In place of that, an answer whose content cannot be read and whose end is known. */
    void garble() {
        throw none("garble");
    }

    /** In place of that, the beginning of an answer that says how long it will be. */
    void answerTooLong() {
        throw none("answerTooLong");
    }

    /** In place of that, what no reader gets over. */
    void breakFraming() {
        throw none("breakFraming");
    }

    /** In place of that, the beginning of an answer, and the end of the stream. */
    void cutOff() {
        throw none("cutOff");
    }

    /** The peer is gone. */
    abstract void drop();

    /** Answers that came after their callers had given up. */
    long lateAnswers() {
        throw none("lateAnswers");
    }

    // ---- what is the same for all

    final C connection() {
        return connection;
    }

    final void connect() {
        Future<C> dialled = loop.call(() -> {
            dialer = new Dialer(loop.vertx(), endpoint(), protocol, Spi.NONE);
            return dial(dialer, LONG_MILLIS);
        });
        accept();
        connection = Loop.await(dialled);
        loop.run(() -> connection.closeHandler(down::complete));
        prepare();
    }

    /** Dials somebody else, who says nothing. */
    final Future<String> dialSilent(EndpointOptions silent) {
        return loop.call(() -> {
            dialer = new Dialer(loop.vertx(), silent, protocol, Spi.NONE);
            return dial(dialer, SHORT_MILLIS).map(ANSWERED);
        });
    }

    /** Sends a command, with time enough for its answer. */
    final Future<String> ask(Command command, String name) {
        return ask(command, name, LONG_MILLIS);
    }

    private Future<String> ask(Command command, String name, long millis) {
        return loop.call(() -> own(name, command.send(name, Deadline.after(loop.vertx(), millis))));
    }

    /** Sends a command whose caller gives up soon. */
    final Future<String> askShortly(Command command, String name) {
        return ask(command, name, shortMillis());
    }

    /** Sends a command whose deadline has passed already. */
    final Future<String> askTooLate(Command command, String name) {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        Deadline passed = loop.call(() -> Deadline.after(loop.vertx(), 1, null, () -> over.complete(true)));
        Loop.await(over);
        return loop.call(() -> own(name, command.send(name, passed)));
    }

    /** We close, because we are leaving. */
    final void leave() {
        loop.run(() -> connection.close(new CallException(CallException.Reason.SHUTTING_DOWN, "we are leaving")));
    }

    /** Waits until our connection knows that it is down. */
    final void down() {
        Loop.await(down);
    }

    @Override
    public void close() {
        loop.close();
    }

    static <T> T poll(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(Loop.PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("the peer hears nothing");
            }
            return next;
        } catch (InterruptedException gaveUp) {
            throw new AssertionError(gaveUp);
        }
    }

    Deadline longDeadline() {
        return Deadline.after(loop.vertx(), LONG_MILLIS);
    }

    private static Future<String> own(String name, Future<String> answer) {
        return answer.map(whose -> whose.equals(name) ? ANSWERED : ANSWERED + " as " + whose);
    }

    private static UnsupportedOperationException none(String what) {
        return new UnsupportedOperationException(what + ": not in this protocol");
    }
}
