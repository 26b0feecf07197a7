package Library::Runtime::Install;

# Puts methods into classes.

use strict;
use warnings;

use Exporter qw(import);
use Sub::Util qw(set_subname);

our @EXPORT_OK = qw(install);

sub install {
    my ( $class, $name, $code ) = @_;
    ## no critic (ProhibitNoStrict): there is no other way into a class whose name is data
    no strict 'refs';
    *{"${class}::$name"} = set_subname( "${class}::$name", $code );
    return;
}

1;
