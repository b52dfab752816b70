package dev.polywire.app;

import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.net.EndpointOptions;

/**
 * The part of a connector's options that the program uses, for every protocol.
 *
 * @param connections the most that one instance opens or accepts
 * @param options all options, as the connector reads them
 */
record Settings(ConnectorOptions connector, EndpointOptions endpoint, int connections, Object options) {}
