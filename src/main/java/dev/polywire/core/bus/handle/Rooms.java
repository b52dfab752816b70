package dev.polywire.core.bus.handle;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.net.MemoryBudget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The rooms of handles of one connector instance, each with an address of its own: {@code <address>.<room>.<instance>}. All
 * have the same bounds and the same lease.
 */
public final class Rooms {

    private final Vertx vertx;
    private final String address;
    private final String instance = UUID.randomUUID().toString();
    private final RequestTable requests;
    private final long leaseMillis;
    private final int max;
    private final int maxPerCaller;
    private final List<Room<?>> rooms = new ArrayList<>();
    private final List<MessageConsumer<?>> open = new ArrayList<>();

    private record Room<S>(HandleRoom<?> handles, String address, Class<S> type, S service) {

        MessageConsumer<?> open(RequestTable requests) {
            return requests.serveRoom(address, type, service);
        }
    }

    /**
     * @param address of the connector's service
     * @param max handles of each room
     */
    public Rooms(Vertx vertx, String address, RequestTable requests, long leaseMillis, int max, int maxPerCaller) {
        this.vertx = vertx;
        this.address = address;
        this.requests = requests;
        this.leaseMillis = leaseMillis;
        this.max = max;
        this.maxPerCaller = maxPerCaller;
    }

    /** Of the connector's service. */
    public String address() {
        return address;
    }

    public String instance() {
        return instance;
    }

    /**
     * Makes a room for handles of one kind; called before {@link #open}.
     *
     * @param what the name of one handle; the room's name is its plural
     * @param service answers the requests in the room
     */
    public <T extends HandleRoom.Held, S> HandleRoom<T> room(String what, Class<S> type, S service) {
        String place = address + "." + what + "s." + instance;
        Handles<T> handles = new Handles<>(
                vertx, leaseMillis, max, maxPerCaller, T::inUse, lapsed -> lapsed.release(Failure.NOT_FOUND));
        HandleRoom<T> room = new HandleRoom<>(what, place, requests, handles, MemoryBudget.of(vertx));
        rooms.add(new Room<>(room, place, type, service));
        return room;
    }

    public Future<Void> open() {
        rooms.forEach(room -> open.add(room.open(requests)));
        return Future.all(open.stream().map(MessageConsumer::completion).toList())
                .mapEmpty();
    }

    /** From now on no handle is opened. */
    public void refuse() {
        rooms.forEach(room -> room.handles.refuse());
    }

    /** @return completes when the objects behind all handles are released */
    public Future<Void> releaseAll() {
        return Future.join(rooms.stream().map(room -> room.handles.releaseAll()).toList())
                .mapEmpty();
    }

    public Future<Void> close() {
        return Future.join(open.stream().map(MessageConsumer::unregister).toList())
                .mapEmpty();
    }
}
