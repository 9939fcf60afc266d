{{/* What the schema cannot say in a sentence that helps. */}}
{{- define "discador.checks" -}}
{{- range $server := list "postgresql" "redis" "rabbitmq" -}}
{{- $given := get $.Values $server -}}
{{- $ways := list -}}
{{- if $given.url }}{{ $ways = append $ways "url" }}{{ end -}}
{{- if $given.existingSecret }}{{ $ways = append $ways "existingSecret" }}{{ end -}}
{{- if $given.trial }}{{ $ways = append $ways "trial" }}{{ end -}}
{{- if not $ways }}{{ fail (printf "%s: give its url, or name the existingSecret that holds it, or set trial: true for a look around" $server) }}{{ end -}}
{{- if gt (len $ways) 1 }}{{ fail (printf "%s: %s are given; one is enough" $server (join " and " $ways)) }}{{ end -}}
{{- end -}}
{{- $pbxs := (include "discador.pbxs" . | fromYaml).pbxs -}}
{{- if not $pbxs }}{{ fail "no PBX: set asterisk.replicas to 1 or more, or list your own in pbxs" }}{{ end -}}
{{- $names := list -}}
{{- range $pbxs -}}
{{- if has .name $names }}{{ fail (printf "pbxs: %s is there twice; pbx-0, pbx-1, … are the PBXs of asterisk.replicas" .name) }}{{ end -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- if and .Values.asterisk.hostNetwork .Values.asterisk.hostPorts }}{{ fail "asterisk: hostNetwork has the node's ports already; hostPorts is the other way" }}{{ end -}}
{{- if and .Values.asterisk.trunkUri (not .Values.asterisk.hostNetwork) (not .Values.asterisk.hostPorts) }}{{ fail "asterisk.trunkUri: a carrier outside needs hostNetwork or hostPorts, or its sound never arrives" }}{{ end -}}
{{- if le (int .Values.asterisk.rtpPorts.last) (int .Values.asterisk.rtpPorts.first) }}{{ fail "asterisk.rtpPorts: last must be greater than first" }}{{ end -}}
{{- $scaling := .Values.campaignWorker.autoscaling -}}
{{- if and (ne $scaling.kind "none") (lt (int $scaling.maxReplicas) (int $scaling.minReplicas)) }}{{ fail "campaignWorker.autoscaling: maxReplicas is less than minReplicas" }}{{ end -}}
{{- if and (eq $scaling.kind "keda") (not $scaling.prometheusUrl) }}{{ fail "campaignWorker.autoscaling: keda needs prometheusUrl, where the metrics of the workers are" }}{{ end -}}
{{- if and .Values.gateway.httpRoute.enabled (not .Values.gateway.httpRoute.parentRefs) }}{{ fail "gateway.httpRoute: parentRefs must name the Gateway" }}{{ end -}}
{{- if and .Values.gateway.ingress.enabled (not .Values.gateway.ingress.tlsSecret) }}{{ fail "gateway.ingress: tlsSecret is missing; the API holds phone numbers and is served over TLS only" }}{{ end -}}
{{- end -}}
