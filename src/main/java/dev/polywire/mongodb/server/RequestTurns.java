package dev.polywire.mongodb.server;

import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** The requests of one connection, one after the other: behind one that is not done the others wait, and behind an unread answer. */
final class RequestTurns {

    /** Requests of this many bytes may wait; then the connection is not read. */
    private static final long MAX_WAITING_BYTES = 1024 * 1024;

    private final ScriptedPeer peer;
    private final int maxWaiting;
    private final Consumer<Request> begin;
    private final Queue<Request> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean busy;
    private boolean working;

    /** @param begin begins one; {@link #done} is called when it is done, at once or later */
    RequestTurns(ScriptedPeer peer, int maxWaiting, Consumer<Request> begin) {
        this.peer = peer;
        this.maxWaiting = maxWaiting;
        this.begin = begin;
    }

    void add(Request request) {
        waiting.add(request);
        waitingBytes += request.header().messageLength();
        goOn();
    }

    void done() {
        busy = false;
        goOn();
    }

    /** The client is gone: none of the others is done. */
    void ended() {
        waiting.clear();
    }

    /** The next ones, when there is room for their answers; the connection is read when there is room for more of them. */
    void goOn() {
        if (working) {
            return;
        }
        working = true;
        while (!busy && !peer.isBehind() && !waiting.isEmpty()) {
            Request next = waiting.remove();
            waitingBytes -= next.header().messageLength();
            busy = true;
            begin.accept(next);
        }
        working = false;
        peer.keeps(waitingBytes);
        if (waiting.size() >= maxWaiting || waitingBytes > MAX_WAITING_BYTES || !busy && peer.isBehind()) {
            peer.pause();
        } else {
            peer.resume();
        }
    }
}
