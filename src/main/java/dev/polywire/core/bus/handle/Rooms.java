package dev.polywire.core.bus.handle;

import dev.polywire.core.bus.request.RequestTable;
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
    private final int maxHandles;
    private final int maxHandlesPerCaller;
    private final List<HandleRoom<?>> handles = new ArrayList<>();
    private final List<Room<?>> rooms = new ArrayList<>();
    private final List<MessageConsumer<?>> open = new ArrayList<>();

    private record Room<T>(String address, Class<T> type, T service) {}

    /**
     * @param address of the connector's service
     * @param maxHandles of each room
     */
    public Rooms(
            Vertx vertx,
            String address,
            RequestTable requests,
            long leaseMillis,
            int maxHandles,
            int maxHandlesPerCaller) {
        this.vertx = vertx;
        this.address = address;
        this.requests = requests;
        this.leaseMillis = leaseMillis;
        this.maxHandles = maxHandles;
        this.maxHandlesPerCaller = maxHandlesPerCaller;
    }

    public String instance() {
        return instance;
    }

    private String address(String what) {
        return address + "." + what + "s." + instance;
    }

    /**
     * Handles of one kind; made before they are opened, and answered by {@link #serve}.
     *
     * @param what one is called; the room's name is its plural
     */
    public <T extends HandleRoom.Held> HandleRoom<T> room(String what) {
        HandleRoom<T> room =
                new HandleRoom<>(vertx, what, address(what), requests, leaseMillis, maxHandles, maxHandlesPerCaller);
        handles.add(room);
        return room;
    }

    /** Who answers in a room; said before they are opened. */
    public <T> void serve(String what, Class<T> type, T service) {
        rooms.add(new Room<>(address(what), type, service));
    }

    public Future<Void> open() {
        rooms.forEach(room -> open.add(register(room)));
        return Future.all(open.stream().map(MessageConsumer::completion).toList())
                .mapEmpty();
    }

    /** No further handle is given out. */
    public void refuse() {
        handles.forEach(HandleRoom::refuse);
    }

    /** @return completes when what stands behind the handles is released */
    public Future<Void> releaseAll() {
        return Future.join(handles.stream().map(HandleRoom::releaseAll).toList())
                .mapEmpty();
    }

    public Future<Void> close() {
        return Future.join(open.stream().map(MessageConsumer::unregister).toList())
                .mapEmpty();
    }

    private <T> MessageConsumer<?> register(Room<T> room) {
        return requests.serveRoom(room.address, room.type, room.service);
    }
}
