package dev.polywire.amqp.service;

import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.core.json.Fields;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that a configuration declares.
 *
 * <pre>
 *   topology:
 *     exchanges: [{exchange: logs, type: fanout}]                       and durable, autoDelete, internal, arguments
 *     queues:    [{queue: tasks, arguments: {x-queue-type: quorum}}]    and durable, exclusive, autoDelete
 *     bindings:  [{queue: tasks, exchange: logs, routingKey: ""}]       or {destination, source, routingKey}
 * </pre>
 *
 * @param path its path in the configuration, to report a refusal of the broker
 */
record DeclaredMethod(String path, AmqpMethod request) {

    /** In the order in which they can be declared. */
    static List<DeclaredMethod> listed(Fields topology) {
        List<DeclaredMethod> all = new ArrayList<>();
        for (Fields each : topology.objects("exchanges")) {
            all.add(of(each, DeclarationJson.exchange(each.text("exchange"), each.text("type", "direct"), each)));
        }
        for (Fields each : topology.objects("queues")) {
            all.add(of(each, DeclarationJson.queue(DeclarationJson.name(each, "queue"), each)));
        }
        for (Fields each : topology.objects("bindings")) {
            String routingKey = each.text("routingKey", "");
            AmqpMethod bind = each.has("destination")
                    ? DeclarationJson.bindExchange(each.text("destination"), each.text("source"), routingKey, each)
                    : DeclarationJson.bind(
                            DeclarationJson.name(each, "queue"), each.text("exchange"), routingKey, each);
            all.add(of(each, bind));
        }
        topology.done();
        return all;
    }

    private static DeclaredMethod of(Fields json, AmqpMethod request) {
        json.done();
        return new DeclaredMethod(json.path(), request);
    }
}
