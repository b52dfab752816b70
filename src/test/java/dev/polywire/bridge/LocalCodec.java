package dev.polywire.bridge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Lets an object that is no JSON travel within one Vert.x. */
final class LocalCodec<T> implements MessageCodec<T, T> {

    @Override
    public void encodeToWire(Buffer buffer, T object) {
        throw new UnsupportedOperationException();
    }

    @Override
    public T decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public T transform(T object) {
        return object;
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
