package dev.polywire.amqp.service;

import dev.polywire.amqp.wire.AmqpWriter;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import io.vertx.core.buffer.Buffer;

/**
 * A delivery in raw form, as AMQP has its parts.
 *
 * <pre>
 *   00 00 00 1f                               how many bytes follow
 *   00                                        consumer tag: not repeated
 *   00 00 00 00 00 00 00 01   00              delivery tag: the item's number; redelivered
 *   04 6c 6f 67 73   00                       exchange "logs", routing key ""
 *   80 00 0a 74 65 78 74 2f 70 6c 61 69 6e    property flags: content-type; "text/plain"
 *   68 69                                     the body, up to the end
 * </pre>
 */
final class RawRecord {

    private RawRecord() {}

    static Buffer of(long number, ContentMethod.Deliver deliver, Content content) {
        AmqpWriter out = new AmqpWriter().u32(0);
        new ContentMethod.Deliver("", number, deliver.redelivered(), deliver.exchange(), deliver.routingKey())
                .write(out);
        content.properties().write(out);
        Buffer head = out.copy();
        // Of exactly this size, since it may wait: a buffer that grows has up to twice as much.
        Buffer record = Buffer.buffer(head.length() + content.body().length())
                .appendBuffer(head)
                .appendBuffer(content.body());
        return record.setInt(0, record.length() - 4);
    }
}
