package dev.polywire.core.bus.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;

/** By reference on one node, as JSON to another node: {@code | int32 length | JSON |}. */
final class BatchCodec implements MessageCodec<Batch, Batch> {

    @Override
    public void encodeToWire(Buffer wire, Batch batch) {
        Buffer json = batch.toJson().toBuffer();
        wire.appendInt(json.length()).appendBuffer(json);
    }

    @Override
    public Batch decodeFromWire(int position, Buffer wire) {
        int start = position + Integer.BYTES;
        return Batch.of(new JsonObject(wire.getBuffer(start, start + wire.getInt(position))));
    }

    @Override
    public Batch transform(Batch batch) {
        return batch;
    }

    @Override
    public String name() {
        return "polywire.batch";
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
