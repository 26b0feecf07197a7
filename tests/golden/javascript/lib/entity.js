// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

import { ObservableEntity } from "./runtime/event-client.js";

/** An object of the API: a snapshot of its attributes, and its own operations. */
export class HouseObject extends ObservableEntity {}
