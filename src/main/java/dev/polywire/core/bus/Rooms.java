package dev.polywire.core.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The rooms of handles of one connector instance, each with an address of its own: {@code <address>.<room>.<instance>}. */
final class Rooms {

    private final String address;
    private final String instance = UUID.randomUUID().toString();
    private final RequestTable requests;
    private final List<Room<?>> rooms = new ArrayList<>();
    private final List<MessageConsumer<?>> open = new ArrayList<>();

    private record Room<T>(String address, Class<T> type, T service) {}

    /** @param address of the connector's service */
    Rooms(String address, RequestTable requests) {
        this.address = address;
        this.requests = requests;
    }

    String instance() {
        return instance;
    }

    /** Where a room is. */
    String address(String room) {
        return address + "." + room + "." + instance;
    }

    /** Adds one, before they are opened. */
    <T> T add(String room, Class<T> type, T service) {
        rooms.add(new Room<>(address(room), type, service));
        return service;
    }

    Future<Void> open() {
        rooms.forEach(room -> open.add(register(room)));
        return Future.all(open.stream().map(MessageConsumer::completion).toList())
                .mapEmpty();
    }

    Future<Void> close() {
        return Future.join(open.stream().map(MessageConsumer::unregister).toList())
                .mapEmpty();
    }

    private <T> MessageConsumer<?> register(Room<T> room) {
        return requests.serveRoom(room.address, room.type, room.service);
    }
}
