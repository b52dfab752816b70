/** What all services have in common, tried on each of their actions. */
package dev.polywire.contract;
